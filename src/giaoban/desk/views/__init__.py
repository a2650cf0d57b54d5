"""Pages of the desk, each a question to the modules beside this folder and a template."""
