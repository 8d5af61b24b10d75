-- Holds interruptible instances: raises the bid for one that was outbid, step by step, as long as it stays below a part of
-- what the GPUs cost on demand, and lets go above that. A bid above the on-demand price buys nothing.
--
--   vast-lua scripts/bid-floor.lua 'spot*' 0.40        $/h for one GPU on demand
--   vast-lua scripts/bid-floor.lua 'spot*' 0.40 0.8    bids up to 0.8 of that (the default; at most 1)
--
-- Each bid is made from the one before, dph_base, and never from min_bid: that may be a late echo of the own bid, and
-- whoever bids a little more than it chases himself upwards.
--
-- An instance is read right before each raise and each start. What is not outbid then is left alone: the market has given it
-- back, or somebody has stopped or destroyed it.
local label, on_demand, part = arg[1], tonumber(arg[2] or ""), tonumber(arg[3] or "0.8")
if not (label and on_demand and part) then
  io.stderr:write("usage: vast-lua scripts/bid-floor.lua LABEL ON_DEMAND_PRICE_OF_A_GPU [PART]\n")
  os.exit(2)
end

local function refuse(what)
  io.stderr:write("bid-floor.lua: ", what, "\n")
  os.exit(2)
end
if not (on_demand > 0 and on_demand < math.huge) then
  refuse("ON_DEMAND_PRICE_OF_A_GPU is in $/h, above 0, not " .. arg[2])
end
if not (part > 0 and part <= 1) then
  refuse("PART is a share of the on-demand price, above 0 and at most 1, not " .. arg[3])
end

local step = 1.1 -- ten per cent more each time
vast.guard{max_starts = 60} -- in an hour; a raise counts as a start where it may be one

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

-- The instance as it is now; nil when it is not outbid any more.
local function outbid(id)
  local inst = vast.instance(id)
  return inst and inst.state == "outbid" and inst.dph_base and inst or nil
end

-- The market gives nothing back to a bid that was too low: after a raise, the instance is started.
local function hold(id)
  local inst = outbid(id)
  if not inst then return end
  local higher = price(inst)
  if higher <= rounded(inst.dph_base) then
    given_up[id] = true
    say(string.format("let go of %s: the bid of $%.4f/h is the highest one", inst, inst.dph_base))
    return
  end
  local bid, why = vast.try({"guard", "conflict"}, vast.bid, inst, higher, {reason = "outbid"})
  if not bid then return vast.log.warn(tostring(why)) end
  vast.sleep("45s")
  inst = outbid(id)
  if inst then vast.try({"unavailable", "conflict", "guard"}, vast.start, inst, {reason = "outbid"}) end
end

local function look()
  for _, inst in ipairs(vast.instances{is_bid = true, label = label}) do
    if inst.state == "running" then given_up[inst.id] = nil end
    if inst.state == "outbid" and not given_up[inst.id] then hold(inst.id) end
  end
end

vast.every("2m", look, {now = true})
