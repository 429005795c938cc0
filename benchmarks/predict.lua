-- wrk: rotate through prepared bodies on the sensor grid, so that no answer can be cached by accident.
math.randomseed(7)
local bodies = {}
for i = 1, 256 do
  local air = 296 + math.random(0, 80) / 10
  bodies[i] = string.format(
    '{"udi":"%s%d","air_temperature":%.1f,"process_temperature":%.1f,"rotational_speed":%d,"torque":%.1f,"tool_wear":%d}',
    ({ "L", "M", "H" })[math.random(1, 3)], 10000 + i, air, air + 8 + math.random(0, 40) / 10,
    math.random(1250, 2200), math.random(200, 650) / 10, math.random(0, 230))
end
local n = 0
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
request = function()
  n = n % 256 + 1
  return wrk.format(nil, nil, nil, bodies[n])
end
