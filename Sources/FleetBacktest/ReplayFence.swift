/// Keeps a script in a backtest from what has effects outside of it.
enum ReplayFence {
    /// A chunk of Lua that takes away what writes files and starts programs.
    static let chunk = """
        local function refuse(name)
          return function() error(name .. ": not in a backtest; use vast.exec, or --allow-io", 2) end
        end
        for name, functions in pairs({os = {"execute", "remove", "rename", "tmpname"}, io = {"popen", "tmpfile"}, package = {"loadlib"}}) do
          for _, key in ipairs(functions) do _G[name][key] = refuse(name .. "." .. key) end
        end
        package.searchers[4], package.searchers[3] = nil, nil
        local open, output = io.open, io.output
        function io.open(path, mode)
          if type(mode) == "string" and mode:find("[wa+]") then refuse("io.open for writing")() end
          return open(path, mode)
        end
        function io.output(file)
          if type(file) == "string" then refuse("io.output of a file")() end
          return output(file)
        end
        """
}
