/// A cron expression made by chance, and a judge of local minutes that knows what was meant without reading the text.
struct RandomCron {
    let text: String
    let isHourly: Bool
    private let fields: [Field]

    /// One field: its text and its values, or a condition of the date that no set of values can say.
    private struct Field {
        var text: String
        var values: Set<Int> = []
        var special: (@Sendable (Day) -> Bool)?
        var isFull: Bool
    }

    /// A day of the calendar, found by counting days one by one.
    struct Day: Sendable {
        let year, month, day, weekday, length: Int
    }

    /// - Parameter special: whether `L`, `15W`, `fri#2` and `5L` are made too.
    init(_ dice: inout Dice, special: Bool) {
        let minute = dice.isOne(of: 8) ? Self.star(0...59) : Self.field(&dice, 0...59)
        let hour = dice.isOne(of: 5) ? Self.star(0...23) : Self.field(&dice, 0...23)
        let isPlain = dice.isOne(of: 2) && !special
        let day = isPlain ? Self.star(1...31) : special && dice.isOne(of: 2) ? Self.specialDay(&dice) : Self.field(&dice, 1...31)
        let month = dice.isOne(of: 3) ? Self.field(&dice, 1...12) : Self.star(1...12)
        let weekday =
            isPlain || dice.isOne(of: 3)
            ? Self.star(0...6) : special && dice.isOne(of: 2) ? Self.specialWeekday(&dice) : Self.field(&dice, 0...6)
        fields = [minute, hour, day, month, weekday]
        text = fields.map(\.text).joined(separator: " ")
        isHourly = hour.text == "*"
    }

    func allows(_ day: Day) -> Bool {
        guard fields[3].values.contains(day.month) else { return false }
        let isDay = fields[2].special?(day) ?? fields[2].values.contains(day.day)
        let isWeekday = fields[4].special?(day) ?? fields[4].values.contains(day.weekday)
        return switch (fields[2].isFull, fields[4].isFull) {
        case (false, false): isDay || isWeekday
        case (true, false): isWeekday
        case (false, true): isDay
        case (true, true): true
        }
    }

    /// Whether a minute of the day, from 0, is meant.
    func allows(minute: Int) -> Bool { fields[0].values.contains(minute % 60) && fields[1].values.contains(minute / 60) }

    // MARK: fields

    private static func star(_ range: ClosedRange<Int>) -> Field { Field(text: "*", values: Set(range), isFull: true) }

    private static func field(_ dice: inout Dice, _ range: ClosedRange<Int>) -> Field {
        var values: Set<Int> = []
        let items = (0..<Int.random(in: 1...3, using: &dice)).map { _ in item(&dice, range, &values) }
        return Field(text: items.joined(separator: ","), values: values, isFull: values.count == range.count)
    }

    private static func item(_ dice: inout Dice, _ range: ClosedRange<Int>, _ values: inout Set<Int>) -> String {
        let first = Int.random(in: range, using: &dice)
        switch Int.random(in: 0..<5, using: &dice) {
        case 0:
            let step = Int.random(in: 1...range.count, using: &dice)
            values.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
            return "*/\(step)"
        case 1:
            let step = Int.random(in: 1...(range.upperBound - first + 1), using: &dice)
            values.formUnion(stride(from: first, through: range.upperBound, by: step))
            return "\(first)/\(step)"
        case 2:
            // A walk around the field, which may wrap.
            var walk = [first]
            let last = Int.random(in: range, using: &dice)
            while let at = walk.last, at != last { walk.append(at == range.upperBound ? range.lowerBound : at + 1) }
            let step = Int.random(in: 1...walk.count, using: &dice)
            for index in walk.indices where index % step == 0 { values.insert(walk[index]) }
            return "\(first)-\(last)" + (step > 1 || dice.isOne(of: 2) ? "/\(step)" : "")
        default:
            values.insert(first)
            guard range == 0...6 else { return String(first) }
            return dice.pick(
                [["0", "7", "sun", "Sunday"], ["1", "MON"], ["2", "tuesday"], ["3", "wed"], ["4", "thu"], ["5", "Fri"], ["6", "sat"]][first]
            )
        }
    }

    private static func specialDay(_ dice: inout Dice) -> Field {
        if dice.isOne(of: 3) { return Field(text: "L", special: { $0.day == $0.length }, isFull: false) }
        let wanted = Int.random(in: 1...28, using: &dice)
        // The nearest of the days around that are from Monday to Friday and in the month; none are two equally near.
        return Field(
            text: "\(wanted)W",
            special: { today in
                let distances = (1...today.length).filter { day in
                    (1...5).contains((today.weekday + day - today.day + 70) % 7)
                }
                return distances.min { abs($0 - wanted) < abs($1 - wanted) } == today.day
            }, isFull: false)
    }

    private static func specialWeekday(_ dice: inout Dice) -> Field {
        let wanted = Int.random(in: 0...6, using: &dice)
        if dice.isOne(of: 2) {
            return Field(text: "\(wanted)L", special: { $0.weekday == wanted && $0.day > $0.length - 7 }, isFull: false)
        }
        let nth = Int.random(in: 1...5, using: &dice)
        return Field(
            text: "\(wanted)#\(nth)",
            special: { today in
                today.weekday == wanted && stride(from: today.day, to: 0, by: -7).reduce(0) { count, _ in count + 1 } == nth
            }, isFull: false)
    }
}

extension RandomCron {
    /// The days from 1970-01-01 to 2037-12-31, counted one by one from a Thursday.
    static let days: [Day] = {
        var days: [Day] = []
        var weekday = 4
        for year in 1970...2037 {
            let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
            for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...length {
                    days.append(Day(year: year, month: month + 1, day: day, weekday: weekday, length: length))
                    weekday = (weekday + 1) % 7
                }
            }
        }
        return days
    }()
}
