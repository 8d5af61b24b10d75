-- From the bytes of a listing's pages to a rule that has read three fields of every row, with lua-cjson.
--
--   lua5.4 listing_cjson.lua PAGES [ROUNDS]
--
-- Prints, for each round, wall and processor seconds and how many rows the rule has found. Lua itself has no fine wall
-- clock; a single thread that waits for nothing takes about as much processor time, and never less wall time.
local cjson = require "cjson"

local pages = {}
for line in io.lines(arg[1]) do pages[#pages + 1] = line end

local function list()
  local rows = {}
  for _, page in ipairs(pages) do
    for _, row in ipairs(cjson.decode(page).instances) do rows[#rows + 1] = row end
  end
  return rows
end

for _ = 1, tonumber(arg[2] or 1) do
  local began = os.clock()
  local found = {}
  for _, i in ipairs(list()) do
    local util = i.gpu_util
    if i.actual_status == "running" and util ~= cjson.null and util < 5 then found[#found + 1] = i.id end
  end
  local length = os.clock() - began
  print(length, length, #found)
  found = nil
  collectgarbage() collectgarbage()
end
