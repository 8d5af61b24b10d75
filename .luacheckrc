std = "lua54"
read_globals = {"vast"}
