"""The dataset on disk: schema, card, report, import and export of published layouts."""
