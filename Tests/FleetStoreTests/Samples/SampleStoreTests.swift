import Testing
import VastAPI

@testable import FleetRules
@testable import FleetStore

@Suite("Samples on disk") struct SampleStoreTests {
    private let place: TemporaryDirectory
    private let database: StateDatabase
    private var store: SampleStore { SampleStore(database, account: "a") }
    private let start = 1_795_000_200.0

    init() throws {
        place = try TemporaryDirectory()
        database = StateDatabase(directory: place.path + "/state")
    }

    private func sample(_ offset: Double, _ state: InstanceState = .running, util: Double? = 1) -> Sample {
        Sample(time: start + offset, state: state, gpuUtilization: util)
    }

    @Test("a sample comes back as it was, each figure to its step, and null stays null")
    func roundTrip() throws {
        let full = Sample(
            time: start, state: .dead, gpuUtilization: 93.57, gpuTemperature: 64.5, cpuUtilization: 0.123, memoryUsage: 21.94,
            diskUsage: 41.75, networkUp: 812.4, networkDown: 905.1, rate: 18.4321, gpuCount: 8)
        let empty = Sample(time: start, state: .unknown)
        try store.add([(12, full), (13, empty)])
        let read = try store.samples(since: 0)
        #expect(read == [12: [full], 13: [empty]])
    }

    @Test(
        "what is more than nothing never becomes nothing, and what is no number is unknown",
        arguments: [
            (0.0001, 0.01), (0.0, 0.0), (-0.001, -0.01), (.nan, nil), (.infinity, nil)
        ] as [(Double, Double?)])
    func small(value: Double, kept: Double?) throws {
        try store.add([(12, Sample(time: start, state: .running, gpuUtilization: value))])
        #expect(try store.samples(since: 0)[12]?.first?.gpuUtilization == kept)
    }

    @Test("every state is kept by a number of its own", arguments: InstanceState.allCases)
    func states(state: InstanceState) {
        #expect(SampleCode.state(of: SampleCode.number(of: state)) == state)
    }

    @Test("a range is read without its end, and accounts do not see each other")
    func ranges() throws {
        try store.add([(12, sample(0)), (12, sample(60)), (12, sample(120))])
        try SampleStore(database, account: "b").add([(12, sample(60, .stopped))])
        #expect(try store.samples(since: start + 60, until: start + 120)[12] == [sample(60)])
    }

    @Test("a stay in a state begins with the first reading that shows it, and anew after an hour that nobody watched")
    func spells() throws {
        for (offset, state) in [(0.0, InstanceState.running), (60, .running), (120, .stopped), (180, .running), (4_000, .running)] {
            try store.add([(12, sample(offset, state))])
        }
        #expect(try store.spells(of: 12).map(\.began) == [0, 120, 180, 4_000].map { start + $0 })
        #expect(try store.spells(of: 12, since: start + 150).map(\.state) == [.stopped, .running, .running])
        #expect(try store.spells(of: 99).isEmpty)
    }

    @Test("an older sample that comes late does not change what the state is")
    func late() throws {
        try store.add([(12, sample(120))])
        try store.add([(12, sample(60, .stopped))])
        #expect(try store.spells(of: 12) == [StateInterval(began: start + 120, state: .running)])
        #expect(try store.samples(since: 0)[12]?.count == 2)
    }

    @Test("two databases on one file see what the other has added")
    func processes() throws {
        let other = SampleStore(StateDatabase(directory: place.path + "/state"), account: "a")
        try store.add([(12, sample(0))])
        try other.add([(12, sample(60)), (13, sample(60))])
        try store.add([(13, sample(120))])
        #expect(try other.samples(since: 0).mapValues(\.count) == [12: 2, 13: 2])
    }

    @Test("after a week one sample in half an hour is left of each instance, after 90 days none")
    func care() throws {
        let day = 86_400.0
        for minute in stride(from: 0.0, to: 180, by: 5) { try store.add([(12, sample(minute * 60)), (13, sample(minute * 60 + 7))]) }
        let begin = try store.samples(since: 0)[12]?.count
        #expect(begin == 36)
        try StatePruner(store.database).prune(now: start + 8 * day, within: nil)
        let thinned = try store.samples(since: 0)
        let slots = Set(thinned[12]?.map { Int($0.time / 1_800) } ?? [])
        #expect(thinned[12]?.count == slots.count)
        #expect((6...7).contains(slots.count) && thinned[13]?.count == thinned[12]?.count)
        try StatePruner(store.database).prune(now: start + 91 * day, within: nil)
        #expect(try store.samples(since: 0).isEmpty)
    }

    @Test("care leaves what is younger than a week alone")
    func young() throws {
        for minute in 0..<60 { try store.add([(12, sample(Double(minute) * 60))]) }
        try StatePruner(store.database).prune(now: start + 6 * 86_400, within: nil)
        #expect(try store.samples(since: 0)[12]?.count == 60)
    }
}
