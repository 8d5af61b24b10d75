import FleetCalendar
import Testing

/// Hours against a clock that is read minute by minute.
@Suite("Hours minute by minute", .serialized) struct HoursWalkTests {
    private struct Window {
        var days: Set<Int>
        var start: Int
        var end: Int
    }

    private static let catalog = ZoneCatalog()
    private static let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    /// In Unix seconds, full minutes.
    private static let walks: [MinuteWalk] = [
        ("Europe/Berlin", 1_774_746_000), ("Europe/Berlin", 1_792_890_000), ("America/New_York", 1_772_953_200),
        ("America/New_York", 1_793_512_800), ("Australia/Lord_Howe", 1_775_314_800), ("Australia/Lord_Howe", 1_791_041_400),
        ("America/St_Johns", 1_772_947_800), ("Africa/Casablanca", 1_771_120_800), ("Africa/Casablanca", 1_774_144_800),
        ("Pacific/Apia", 1_325_239_200), ("UTC", 1_770_000_000), ("Asia/Kathmandu", 1_770_000_000), ("America/Havana", 1_772_946_000)
    ].compactMap { name, instant in (try? catalog.zone(name)).map { MinuteWalk($0, around: instant, hours: 96) } }

    @Test("the walks are around real changes of the clock")
    func walks() {
        #expect(Self.walks.count == 13)
        let withoutChange = Self.walks.filter { walk in
            walk.minutes.allSatisfy { $0.local - $0.instant == walk.minutes[0].local - walk.minutes[0].instant }
        }
        #expect(Set(withoutChange.map(\.zone.name)) == ["UTC", "Asia/Kathmandu"])
    }

    @Test("random windows are open exactly when the clock says", arguments: [1, 2] as [UInt64])
    func windows(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var edges = 0
        for _ in 0..<60 {
            let walk = dice.pick(Self.walks)
            let (text, windows) = Self.windows(&dice)
            let hours = try Hours(text, zone: walk.zone, zones: Self.catalog)
            let open = Self.open(windows, walk)
            let changes = open.indices.dropFirst().compactMap { index -> Hours.Edge? in
                guard let isOn = open[index], let wasOn = open[index - 1], isOn != wasOn else { return nil }
                return Hours.Edge(instant: walk.minutes[index].instant, isOn: isOn)
            }
            edges += Self.compare(hours, walk, open, changes, &dice)
        }
        #expect(edges > 120)
    }

    @Test("random switches of Cloud Custodian's form are on exactly when the clock says", arguments: [3, 4] as [UInt64])
    func switches(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var edges = 0
        for _ in 0..<40 {
            let walk = dice.pick(Self.walks)
            let (on, off) = (Self.entries(&dice), Self.entries(&dice))
            let text = "off=[\(off.map(\.text).joined(separator: ","))];on=[\(on.map(\.text).joined(separator: ","))]"
            let hours = try Hours(text, zone: walk.zone, zones: Self.catalog)
            let due = Self.due(on: on.map(\.window), off: off.map(\.window), walk)
            guard Set(due.map(\.isOn)).count == 2 else { continue }
            edges += Self.compare(hours, walk, Self.states(due, walk), due, &dice)
        }
        #expect(edges > 60)
    }

    // MARK: made by chance

    private static func windows(_ dice: inout Dice) -> (text: String, windows: [Window]) {
        let parts = (0..<Int.random(in: 1...3, using: &dice)).map { _ in
            let (days, text) = days(&dice)
            let start = time(&dice, below: 1_440)
            var end = time(&dice, below: 1_441)
            if end == start { end = start < 720 ? 1_440 : 0 }
            let window = Window(days: days, start: start, end: end > start ? end : end + 1_440)
            return ("\(text) \(clock(start))-\(clock(end))", window)
        }
        return (parts.map(\.0).joined(separator: "; "), parts.map(\.1))
    }

    private static func days(_ dice: inout Dice) -> (Set<Int>, String) {
        let first = Int.random(in: 0...6, using: &dice)
        if dice.isOne(of: 3) { return ([first], names[first]) }
        let length = Int.random(in: 1...7, using: &dice)
        return (Set((0..<length).map { (first + $0) % 7 }), "\(names[first])-\(names[(first + length - 1) % 7])")
    }

    /// Often near the hours at which clocks change.
    private static func time(_ dice: inout Dice, below end: Int) -> Int {
        dice.isOne(of: 2) ? Int.random(in: 0..<240, using: &dice) : dice.isOne(of: 3) ? end - 1 : Int.random(in: 0..<end, using: &dice)
    }

    private static func clock(_ minute: Int) -> String {
        "\(minute / 600)\(minute / 60 % 10):\(minute % 60 / 10)\(minute % 10)"
    }

    private static func entries(_ dice: inout Dice) -> [(text: String, window: Window)] {
        let letters = ["U", "M", "T", "W", "H", "F", "S"]
        return (0..<Int.random(in: 1...2, using: &dice)).map { _ in
            let first = Int.random(in: 0...6, using: &dice)
            let hour = Int.random(in: 0...(dice.isOne(of: 2) ? 4 : 23), using: &dice)
            return (
                "(\(letters[first])-\(letters[(first + 6) % 7]),\(hour))",
                Window(days: Set(0...6), start: hour * 60, end: 0)
            )
        }
    }

    // MARK: by the clock

    /// The local days that a walk shows, with their weekdays.
    private static func localDays(_ walk: MinuteWalk) -> [Int64] {
        var days: [Int64] = []
        for minute in walk.minutes where days.last.map({ $0 < minute.local.flooredDay }) ?? true { days.append(minute.local.flooredDay) }
        return days
    }

    private static func isOn(_ days: Set<Int>, _ day: Int64) -> Bool { days.contains(RandomCron.days[Int(day)].weekday) }

    /// Whether a window is open, for each minute of a walk; nil near its ends, of which too little is known.
    private static func open(_ windows: [Window], _ walk: MinuteWalk) -> [Bool?] {
        let all = localDays(walk)
        var spans: [Range<Int64>] = []
        for day in all[0]...all[all.count - 1] {
            for window in windows where isOn(window.days, day) {
                guard let start = walk.instant(ofLocal: day * 86_400 + Int64(window.start) * 60),
                    let end = walk.instant(ofLocal: day * 86_400 + Int64(window.end) * 60), start < end
                else { continue }
                spans.append(start..<end)
            }
        }
        let first = walk.minutes[0].instant
        var open = [Bool](repeating: false, count: walk.minutes.count)
        for span in spans {
            for index in Int(span.lowerBound - first) / 60..<Int(span.upperBound - first) / 60 { open[index] = true }
        }
        return known(open)
    }

    /// The switches of a walk's days, also those that change nothing; on wins where both come at once.
    private static func due(on: [Window], off: [Window], _ walk: MinuteWalk) -> [Hours.Edge] {
        var edges: [Int64: Bool] = [:]
        for (windows, isOn) in [(off, false), (on, true)] {
            for day in localDays(walk) {
                for window in windows where Self.isOn(window.days, day) {
                    if let instant = walk.instant(ofLocal: day * 86_400 + Int64(window.start) * 60) { edges[instant] = isOn }
                }
            }
        }
        return edges.sorted { $0.key < $1.key }.map { Hours.Edge(instant: $0.key, isOn: $0.value) }
    }

    /// The state after each minute's switches.
    private static func states(_ due: [Hours.Edge], _ walk: MinuteWalk) -> [Bool?] {
        var rest = due[...]
        var state = false
        return known(
            walk.minutes.map { minute in
                while let edge = rest.first, edge.instant <= minute.instant {
                    state = edge.isOn
                    rest.removeFirst()
                }
                return state
            })
    }

    private static func known(_ states: [Bool]) -> [Bool?] {
        let margin = 36 * 60
        return states.indices.map { (margin..<states.count - margin).contains($0) ? states[$0] : nil }
    }

    /// Compares what is known, and gives the number of edges that were seen.
    private static func compare(
        _ hours: Hours, _ walk: MinuteWalk, _ open: [Bool?], _ edges: [Hours.Edge], _ dice: inout Dice
    ) -> Int {
        let known = open.indices.filter { open[$0] != nil }
        let first = walk.minutes[0].instant
        let near = edges.shuffled(using: &dice).prefix(5).map { Int($0.instant - first) / 60 }
        let sampled =
            (0..<6).map { _ in dice.pick(known) } + (near + near.map { $0 - 1 }).filter { open.indices.contains($0) && open[$0] != nil }
        for index in sampled {
            let instant = walk.minutes[index].instant + Int64.random(in: 0..<60, using: &dice)
            #expect(hours.contains(instant) == open[index], "\(hours) at \(instant)")
            for isOn in [true, false] {
                guard let edge = edges.first(where: { $0.instant > instant && $0.isOn == isOn }) else { continue }
                let found = isOn ? hours.nextOn(after: instant) : hours.nextOff(after: instant)
                #expect(found == edge.instant, "\(hours): the next \(isOn ? "on" : "off") after \(instant)")
            }
        }
        return edges.count
    }
}
