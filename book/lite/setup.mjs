// Run the set-up of an exercise notebook by itself, so that the first check works.

/**
 * Run the code before the first answer whenever Python has started, also again.
 *
 * It goes to the kernel before anything that the reader runs, and shows nothing: the notebook stays as it is.
 *
 * @param {object} panel JupyterLab's notebook panel
 * @param {(started: Promise<string>) => void} tell called at each start, with what went wrong or "" once it has run
 */
export function setUpAtEachStart(panel, tell) {
  const session = panel.sessionContext;
  if (session.session?.kernel) tell(setUp(panel));
  session.kernelChanged.connect((_, { newValue }) => newValue && tell(setUp(panel)));
  session.statusChanged.connect((_, status) => {
    if (status === "restarting" || status === "autorestarting") tell(connected(session).then(() => setUp(panel)));
  });
}

function connected(session) {
  return new Promise((resolve) => {
    const slot = (_, status) => {
      if (status !== "connected") return;
      session.connectionStatusChanged.disconnect(slot);
      resolve();
    };
    session.connectionStatusChanged.connect(slot);
  });
}

async function setUp(panel) {
  const { kernel } = panel.sessionContext.session;
  const replies = setUpCells(panel.content.model).map((code) => {
    return kernel.requestExecute({ code, silent: true, stop_on_error: false }).done;
  });
  await kernel.info;
  const wrong = (await Promise.all(replies)).map(({ content }) => content).find(({ status }) => status === "error");
  return wrong ? `${wrong.ename}: ${wrong.evalue}` : "";
}

/** The code of an exercise notebook before its first answer; a chapter has none. */
function setUpCells(model) {
  if (!model.getMetadata("udl")?.exercises) return [];
  const cells = [...model.cells];
  const first = cells.findIndex((cell) => cell.getMetadata("udl")?.part === "answer");
  const before = cells.slice(0, first).filter((cell) => cell.type === "code");
  return before.map((cell) => cell.sharedModel.getSource());
}
