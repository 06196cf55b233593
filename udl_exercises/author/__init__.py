"""From one Markdown file a chapter to everything an exercise becomes: page, notebooks, cases."""
