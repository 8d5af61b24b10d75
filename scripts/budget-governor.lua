-- Stops what matters least before the money is gone and the service stops everything.
--
--   vast-lua scripts/budget-governor.lua [DOLLARS_A_DAY] [RUNWAY]
--
-- What is labelled dev* goes first, then scratch and sweeps, then training; anything else, and [keep], is never touched.
local per_day, runway = tonumber(arg and arg[1] or 100), arg and arg[2] or "12h"

vast.budget {
  name = "budget",
  every = "10m",
  per_day = per_day,
  runway = runway,
  order = {
    {label = "dev*"},
    {label = {"scratch*", "sweep*"}},
    {label = "train*"},
  },
  notify = function(b)
    local text = string.format((b.is_lower_bound and "at least " or "") .. "$%.2f/h, allowed are $%.2f/h (%s); stopping %d", b.rate, b.allowed, b.why, #b.stops)
    vast.notify(text, {title = "vast-lua: over budget", every = "6h"})
  end,
}
