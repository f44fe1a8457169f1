"""The five steps and what runs them: prepare, instruct, prefilter, edit, assess."""
