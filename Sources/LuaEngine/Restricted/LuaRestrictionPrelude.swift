/// The Lua half of a restriction. It runs once, with everything still at hand, and keeps what it needs in locals.
enum LuaRestrictionPrelude {
    static let source = #"""
        local kept, absent, find_module = ...
        local G, debug, next, type, error, rawset, load, select, tostring = _G, debug, next, type, error, rawset, load, select, tostring
        local collectgarbage, os_date = collectgarbage, os.date
        local find, format = string.find, string.format
        local raw_setmetatable = debug.setmetatable

        -- Frozen tables: an empty one in front of the real one, which nothing ever hands out.
        local frozen = raw_setmetatable({}, {__mode = "k"})

        local function freeze(real, name)
            local front = {}
            frozen[front] = true
            return raw_setmetatable(front, {
                __index = real, __metatable = false, __name = name,
                __newindex = function(_, key)
                    local what = type(key) == "string" and name .. "." .. key or name
                    error(what .. " cannot be changed in a restricted script", 2)
                end,
                __pairs = function()
                    local key
                    return function()
                        local value
                        key, value = next(real, key)
                        return key, value
                    end
                end,
            })
        end

        -- Globals: an allow-list.
        local allowed = {_G = true, _VERSION = true}
        for name in ("assert collectgarbage error getmetatable ipairs load next pairs pcall print rawequal rawget rawlen "
            .. "rawset require select setmetatable tonumber tostring type warn xpcall "
            .. "coroutine math os string table utf8"):gmatch("%S+") do allowed[name] = true end
        for _, name in ipairs(kept) do allowed[name] = true end
        for name in next, G do
            if not allowed[name] then G[name] = nil end
        end

        -- What the libraries keep, and what they lose.
        string.dump = nil
        local times = {time = os.time, clock = os.clock, difftime = os.difftime}
        function times.date(form, ...)
            if type(form) == "string" and #form > 4096 then error("bad argument #1 to 'date' (format too long)", 2) end
            return os_date(form, ...)
        end

        -- Text only, in the caller's globals unless another environment is given.
        function G.load(chunk, name, mode, ...)
            if mode ~= nil and (type(mode) ~= "string" or not find(mode, "t", 1, true)) then
                return nil, "attempt to load a chunk (a restricted script may load text only)"
            end
            return load(chunk, name, "t", ...)
        end

        function G.rawset(table, key, value)
            if frozen[table] then error("a frozen table cannot be changed in a restricted script", 2) end
            return rawset(table, key, value)
        end

        local collections = {count = true, collect = true, step = true, isrunning = true}
        function G.collectgarbage(option, ...)
            if option == nil or collections[option] then return collectgarbage(option) end
            error(format("collectgarbage(%q) is not available in a restricted script", tostring(option)), 2)
        end

        -- Modules: text beside the script.
        local loaded, loading = {}, {}

        function G.require(name)
            if type(name) ~= "string" then error("bad argument #1 to 'require' (string expected, got " .. type(name) .. ")", 2) end
            if loaded[name] ~= nil then return loaded[name] end
            if loading[name] then error("loop in require of module '" .. name .. "'", 2) end
            local source, path
            if find_module then source, path = find_module(name) end
            if not source then
                error("module '" .. name .. "' not found (a restricted script has only text modules beside it)", 2)
            end
            local chunk, message = load(source, "@" .. path, "t")
            if not chunk then error("error loading module '" .. name .. "': " .. message, 2) end
            loading[name] = true
            local ended <close> = raw_setmetatable({}, {__close = function() loading[name] = nil end})
            local value = chunk(name, path)
            if value ~= nil then loaded[name] = value elseif loaded[name] == nil then loaded[name] = true end
            return loaded[name], path
        end

        -- Metatables that scripts could reach.
        debug.getmetatable("").__metatable = false
        for _, value in next, debug.getregistry() do
            if type(value) == "table" and rawget(value, "__name") then value.__metatable = false end
        end

        -- The rest is frozen.
        local function restrict(name, real)
            local meta, missing = debug.getmetatable(real), absent[name]
            if missing then
                for key in next, missing do real[key] = nil end
                local inherited = meta and meta.__index
                raw_setmetatable(real, {__index = function(_, key)
                    if missing[key] then error(name .. "." .. key .. " is not available in a restricted script", 2) end
                    if type(inherited) == "function" then return inherited(real, key) end
                    return inherited and inherited[key]
                end})
            end
            for key, value in next, real do
                if type(value) == "table" and value ~= real then real[key] = freeze(value, name .. "." .. key) end
            end
            return freeze(real, name)
        end

        for _, name in ipairs(kept) do
            if type(G[name]) == "table" then G[name] = restrict(name, G[name]) end
        end
        for name, library in next, {coroutine = coroutine, math = math, os = times, string = string, table = table, utf8 = utf8} do
            G[name] = freeze(library, name)
            loaded[name] = G[name]
        end
        loaded._G = G
        """#
}
