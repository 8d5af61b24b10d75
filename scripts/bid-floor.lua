-- Holds interruptible instances: raises the bid for one that was outbid, step by step, as long as it stays below a part of
-- what the GPUs cost on demand, and lets go above that. A bid above the on-demand price buys nothing.
--
--   vast-lua scripts/bid-floor.lua 'spot*' 0.40        $/h for one GPU on demand
--   vast-lua scripts/bid-floor.lua 'spot*' 0.40 0.8    bids up to 0.8 of that (the default)
--
-- Each bid is made from the one before, dph_base, and never from min_bid: that may be a late echo of the own bid, and
-- whoever bids a little more than it chases himself upwards.
local label, on_demand, part = arg[1], tonumber(arg[2] or ""), tonumber(arg[3] or "0.8")
if not (label and on_demand and part) then
  io.stderr:write("usage: vast-lua scripts/bid-floor.lua LABEL ON_DEMAND_PRICE_OF_A_GPU [PART]\n")
  os.exit(2)
end
local step = 1.1 -- ten per cent more each time
vast.guard{max_starts = 60} -- in an hour; a raise counts as a start where it may be one

local lost = {} -- the ids that were outbid and are not back
local given_up = {} -- the ids of which the highest bid did not win

local function say(text)
  vast.log.info(text)
  vast.notify(text, {title = "vast-lua: bids"})
end

-- The service keeps four decimals of a bid.
local function rounded(price) return math.floor(price * 10000 + 0.5) / 10000 end

local function price(inst)
  local most = on_demand * part * (inst.num_gpus or 1)
  return math.floor(math.min(rounded(inst.dph_base) * step, most) * 10000 + 1e-6) / 10000
end

-- The market gives nothing back to a bid that was too low: after a raise, the instance is started.
local function hold(inst)
  local higher = price(inst)
  if higher <= rounded(inst.dph_base) then
    lost[inst.id], given_up[inst.id] = nil, true
    say(string.format("let go of %s: the bid of $%.4f/h is the highest one", inst, inst.dph_base))
    return
  end
  local bid, why = vast.try({"guard", "conflict"}, vast.bid, inst.id, higher, {reason = "outbid"})
  if not bid then return vast.log.warn(tostring(why)) end
  vast.sleep("45s")
  vast.try({"unavailable", "conflict", "guard"}, vast.start, inst.id, {reason = "outbid"})
end

local function look()
  for _, inst in ipairs(vast.instances{is_bid = true, label = label}) do
    if inst.state == "running" then lost[inst.id], given_up[inst.id] = nil, nil end
    if inst.state == "outbid" and not given_up[inst.id] then lost[inst.id] = true end
    if lost[inst.id] and inst.dph_base and (inst.state == "outbid" or inst.state == "stopped") then hold(inst) end
  end
end

vast.on("stopped", function(e) if e.by == "other" then lost[e.now.id] = nil end end)
vast.every("2m", look, {now = true})
