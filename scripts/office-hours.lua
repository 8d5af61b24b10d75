-- Keeps what is labelled dev* up during office hours, and stops it afterwards.
--
--   vast-lua scripts/office-hours.lua [LABEL] [HOURS] [ZONE]
--
-- Acts when the hours begin and end, also when it was not running then; what somebody starts or stops by hand in between
-- is left alone until the next switch.
local label, hours, zone = arg and arg[1] or "dev*", arg and arg[2] or "mon-fri 08:00-19:00", arg and arg[3] or "Europe/Berlin"

vast.policy {
  name = "office-hours",
  every = "5m",
  match = {label = label},
  up = vast.hours(hours, {tz = zone}),
}

vast.on("not_followed", function(e) vast.log.warn(tostring(e.now) .. ": " .. e.why) end)
