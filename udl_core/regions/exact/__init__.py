"""The machinery behind `joints` and `linear_regions`: lines that cut polygons, layer by layer, exactly. Inside only."""
