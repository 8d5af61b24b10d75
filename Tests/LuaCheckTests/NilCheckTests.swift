import Foundation
import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` says of comparing what can be nil, and of calculating with it.
@Suite struct NilCheckTests {
    private func misuses(_ source: String) -> [VastNames.Misuse] { VastNames(Declaration.names).misuses(in: Array(source.utf8)) }

    @Test(
        "a field that can be nil is not compared untested",
        arguments: [
            "if i.gpu_util < 5 then end", "return 5 >= i.gpu_util", "while i.gpu_util > 5 do end",
            "x = i.gpu_temp and i.gpu_util < 5",
            "x = i.gpu_util and y or i.gpu_util < 5", "if i.gpu_util then end return i.gpu_util < 5",
            "local u = i.gpu_util return u < 5",
            "vast.policy{all = true, action = 'stop', when = function(k) return k.gpu_util < 5 end}",
            "vast.instances{gpu_util = function(u) return u < 5 end}",
            "vast.instances{where = function(k) return k.gpu_util < 5 end}", "return vast.user().credit < 5",
            "return i:running_for() > 60",
            "if i.gpu_util == nil then return i.gpu_util < 5 end", "if not i.gpu_util and i.gpu_util < 5 then end",
            "return vast.instance(4).rate < 1",
            "local t = {u = i.gpu_util} return t.u < 5",
            "local function lazy(k) return k.gpu_util < 5 end vast.policy{all = true, action = 'stop', when = lazy}",
            "local k k = vast.instance(1) return k.gpu_util < 5", "local k = i return k.gpu_util < 5",
            "if other.gpu_util and i.gpu_util < 5 then end", "return not (i.gpu_util < 5)",
            "if i.gpu_util then i = i:refresh() if i.gpu_util < 5 then i:stop() end end",
            "assert(i.rate) i = vast.instance(2) return i.rate < 5",
            "local l = vast.instances() if l[1].rate then l = l:sort_by('-age') print(l[1].rate < 5) end",
            "if i.rate then if x then i = vast.instance(3) end print(i.rate < 5) end",
            "if i.rate then if x then i = vast.instance(3) else print(i.rate < 5) end print(i.rate < 5) end",
            "if i.rate then do i = vast.instance(3) end print(i.rate < 5) end",
            "if i.rate then while f() do print(i.rate < 5) i = i:refresh() end end",
            "if i.rate then for n = 1, 3 do i = vast.instance(n) end print(i.rate < 5) end",
            "if not i.rate then return end repeat i = i:refresh() until f() return i.rate < 5",
            "if i.rate then i = i:refresh() else return end return i.rate < 5",
            "if i.rate then i, other = vast.instance(3), i return i.rate < 5 end",
            "local r = i.rate if r then r = other.rate return r < 5 end"
        ])
    func untested(source: String) {
        let found = misuses("local i, other = vast.instance(12), vast.instance(13) " + source)
        #expect(found.count == 1 && found.allSatisfy { $0.isWarning && $0.message.contains("can be nil") }, "\(found)")
    }

    @Test(
        "a field that can be nil is not calculated with untested",
        arguments: [
            "return i.gpu_util + 1", "return i.rate * 24", "return 2 ^ i.rate", "return -i.rate", "return ~i.num_gpus",
            "return i.num_gpus // 2",
            "return (i.gpu_util or 0) + i.gpu_temp", "return i.gpu_util and i.gpu_util + i.rate", "local r = i.rate return r / 24",
            "if i.rate == nil then return i.rate - 1 end", "return vast.user().credit / 2", "return i:running_for() % 60",
            "vast.policy{all = true, action = 'stop', when = function(k) return k.gpu_util * 2 end}", "print('x' .. i.rate * 24)",
            "return vast.instances():first().rate + 1",
            "local total = 0 for _, k in ipairs(vast.instances()) do total = total + k.rate end", "f(i.num_gpus << 1)"
        ])
    func calculated(source: String) {
        let found = misuses("local i, other = vast.instance(12), vast.instance(13) " + source)
        #expect(found.count == 1 && found.allSatisfy { $0.isWarning && $0.message.contains("nil cannot be calculated with") }, "\(found)")
    }

    @Test(
        "what is tested, or has a default, is calculated with",
        arguments: [
            "return (i.rate or 0) * 24", "return i.rate and i.rate * 24", "if i.rate then return i.rate * 24 end", "return -(i.rate or 0)",
            "if not i.rate then return end return i.rate * 24", "return i.id + 1", "return vast.instances():sum('rate') * 24",
            "local r = i.rate or 0 return r * 24", "assert(i.rate) return -i.rate", "return i.rate ~= nil and i.rate * 24 or 0",
            "local total = 0 for _, k in ipairs(vast.instances()) do total = total + (k.rate or 0) end", "return i.brand_new + 1",
            "local r = i.rate r = 3 r = g() return r * 24", "return vast.now() - i.observed_at",
            "local i = x return i.rate * 24", "return #i.label + 1", "return type(i.rate) == 'number' and i.rate * 24",
            "local day = i.rate and i.rate * 24 return day and day < 5", "return tonumber(i.rate) and i.rate + 1"
        ])
    func calculatedTested(source: String) {
        #expect(misuses("local i, other = vast.instance(12), vast.instance(13) do " + source + " end") == [])
    }

    @Test(
        "a field that is tested, or has a default, is compared",
        arguments: [
            "return (i.gpu_util or 0) < 5", "return i.gpu_util and i.gpu_util < 5", "if i.gpu_util then return i.gpu_util < 5 end",
            "if i.gpu_util ~= nil and i.rate and i.rate < 5 then return i.gpu_util < 5 end",
            "return i.gpu_util == nil or i.gpu_util < 5",
            "return not i.gpu_util or i.gpu_util < 5", "if not i.gpu_util then return end return i.gpu_util < 5",
            "if i.gpu_util == nil then error('x') end return i.gpu_util < 5",
            "if nil == i.gpu_util then x = 1 else return i.gpu_util < 5 end",
            "assert(i.gpu_util) return i.gpu_util < 5", "local u = i.gpu_util or 0 return u < 5",
            "local u = assert(i.gpu_util) return u < 5",
            "local u = i.gpu_util if u and u < 5 then end", "local u = i.gpu_util if u == nil then u = 0 end return u < 5",
            "local known = i.gpu_util ~= nil return known and i.gpu_util < 5", "local u = i.gpu_util return i.gpu_util and u < 5",
            "local u = i.gpu_util if not u then return end return i.gpu_util < 5",
            "return type(i.gpu_util) == 'number' and i.gpu_util < 5",
            "if type(i.gpu_util) ~= 'number' then return end return i.gpu_util < 5",
            "local u = i.gpu_util while not u do u = f() end return u < 5",
            "return i.gpu_util and (function() return i.gpu_util < 5 end)",
            "local pct = i.gpu_util and i.gpu_util / 100 return pct and pct < 1",
            "local pct = i.gpu_util and i.gpu_util / 100 if i.gpu_util then return pct < 1 end",
            "return i.gpu_util == 5 or i.gpu_util ~= i.rate",
            "for _, k in ipairs(vast.instances()) do if not k.rate then goto on end print(k.rate < 5) ::on:: end",
            "for _, k in ipairs(vast.instances()) do if k.rate == nil then goto continue end print(k.rate < 5, k.rate * 2) ::continue:: end",
            "for _, k in ipairs(vast.instances()) do if nil == k.rate then print(k) goto continue; end print(k.rate < 5) ::continue:: end",
            "for n = 1, 3 do local k = other local u = k.rate if u == nil then goto on end if u < 5 then print(k.rate * u) end ::on:: end",
            "for _, k in ipairs(vast.instances()) do do if k.rate == nil or k.age == nil then goto on end print(k.rate < k.age) end ::on:: end",
            "for _, k in ipairs(vast.instances()) do if k.rate == nil then goto on elseif k.rate < 1 then f() end print(k.rate * 2) ::on:: end",
            "return i.age and i.rate and i.age < i.rate",
            "for _, k in ipairs(vast.instances()) do if not k.rate then break end print(k.rate < 5) end",
            "return i:running_for() and i:running_for() > 60",
            "if i.gpu_util then else return end return i.gpu_util < 5",
            "if x then return elseif not i.rate then return end return i.rate < 5",
            "return i.observed_at < 5 and i.id < 3", "local t = {} if i.rate then t.rate = i.rate end return t.rate and t.rate < 5",
            "repeat local u = i.gpu_util until u and u < 5", "return vast.user().credit and vast.user().credit < 5",
            "return i.gpu_name == 'x'",
            "local low = i.gpu_util and i.gpu_util < 5 return low",
            "local u = i.gpu_util or i.gpu_temp if i.gpu_temp then return u < 5 end",
            "local best for _, k in ipairs(vast.instances()) do if k.rate and (not best or k.rate < best.rate) then best = k end end",
            "if i.gpu_util then local k = i return k.gpu_util < 5 end", "local k = i if k.gpu_util then return i.gpu_util < 5 end",
            "local function hot(k) return k.gpu_temp > 80 end return i.gpu_temp and hot(i)",
            "return is_number(i.gpu_util) and i.gpu_util < 5", "if tonumber(i.gpu_util) then return i.gpu_util < 5 end",
            "local s = i:history()[1] if not s.rate then s.rate = 0 end return s.rate < 5",
            "local u = i.gpu_util ~= nil and i.gpu_util or 0 return u < 5",
            "if not (i.rate and other.rate) then return end return i.rate < other.rate",
            "if (i.gpu_util) then return (i.gpu_util) < 5 end",
            "if #other.label > 0 and i['gpu_util'] then return i['gpu_util'] < 5 end",
            "if i.rate then i = i:refresh() if i.rate then return i.rate < 5 end end",
            "i = i:refresh() return i.rate and i.rate < 5",
            "if i.rate then if x then i = vast.instance(3) else print(i.rate < 5) end end",
            "if i.rate then if x then i = vast.instance(3) return f(i) end print(i.rate < 5) end",
            "if i.rate == nil then i = vast.instance(3) return end print(i.rate < 5)",
            "while not i.rate do vast.sleep(60) i = i:refresh() end return i.rate < 5",
            "repeat i = i:refresh() until i.rate return i.rate < 5",
            "if i.rate then other = vast.instance(3) return i.rate < 5 end",
            "if i.rate then local i = x print(i) end if i.rate then return i.rate < 5 end"
        ])
    func tested(source: String) {
        #expect(misuses("local i, other = vast.instance(12), vast.instance(13) do " + source + " end") == [])
    }
}
