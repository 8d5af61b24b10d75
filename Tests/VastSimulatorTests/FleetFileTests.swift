import Testing
import VastJSON

@testable import VastSimulator

@Suite struct FleetFileTests {
    private func rows(_ text: String) throws -> [JSONValue] {
        let fleet = try FleetFile.fleet(Array(text.utf8), at: beginning)
        let world = World(fleet, now: beginning)
        return world.ids.compactMap { world.instances[$0] }.compactMap {
            (try? JSONDocument(parsing: world.row($0, columns: nil)))?.root.value
        }
    }

    @Test("a saved listing keeps every member, known or not", arguments: ["[ROW]", #"{"instances": [ROW], "total_instances": 1}"#])
    func passesThrough(_ form: String) throws {
        let row = contractRow.replacing("\"score\": null", with: "\"score\": null, \"new_thing\": {\"a\": [1, 2.5, null]}")
        let read = try rows(form.replacing("ROW", with: row))
        #expect(read.count == 1)
        #expect(read.first?["new_thing"] == ["a": [1, 2.5, nil]])
        #expect(read.first?["id"] == 40_112_233)
        #expect(read.first?["label"] == "train-a")
        #expect(read.first?["jupyter_token"]?.text?.count == 64)
    }

    @Test("the official client's form of extra_env becomes the API's again")
    func environment() throws {
        let read = try rows(#"[{"id": 1, "extra_env": {"MODE": "train"}}]"#)
        #expect(read.first?["extra_env"] == [["MODE", "train"]])
    }

    @Test("a row of our own form needs nothing but an id")
    func ownForm() throws {
        let fleet = try FleetFile.fleet(
            Array(
                #"""
                {"fleet": 1, "account": {"credit": 5.5}, "machines": [{"id": 9, "gpus": 4, "taken": 3}],
                 "instances": [{"id": 1, "simulator": {"workload": "idle"}}, {"id": 2, "intended_status": "stopped", "machine_id": 9}],
                 "events": [{"after": 10, "id": 1, "event": "offline"}]}
                """#.utf8), at: beginning)
        var world = World(fleet, now: beginning)
        #expect(world.words(1) == "running/running/running/running")
        #expect(world.words(2) == "exited/stopped/stopped/stopped")
        #expect(world.instances[1]?.workload.kind == .idle)
        #expect(world.account.credit == 5.5)
        #expect(world.machines[9]?.free == 1)
        world.pass(11)
        #expect(world.instances[1]?.status.actual == "offline")
    }

    @Test(
        "a broken file is refused with what is wrong",
        arguments: [
            ("", "not JSON"), ("{", "not JSON"), ("3", "array of instances"), ("{}", "array of instances"), ("[3]", "instance 1"),
            ("[{\"id\": \"x\"}]", "instance 1"), (#"[{"id": 1}, {"id": 1}]"#, "twice"),
            (#"{"fleet": 1, "instances": [{"id": 1, "simulator": {"workload": "none"}}]}"#, "no workload"),
            (#"{"fleet": 1, "instances": [], "events": [{"id": 1, "event": "explodes"}]}"#, "event"),
            (#"{"fleet": 1, "instances": [], "machines": [{"id": 1}]}"#, "machine")
        ])
    func broken(_ text: String, _ message: String) {
        let error = #expect(throws: FleetFile.Invalid.self) { try FleetFile.fleet(Array(text.utf8), at: beginning) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    /// A file of our own form with every kind of member.
    private static let whole = #"""
        {"fleet": 1, "account": {"id": 3, "email": "a@b.example", "credit": 5.5},
         "machines": [{"id": 9, "gpus": 4, "taken": 3, "taken_after": 60}],
         "instances": [{"id": 1, "label": "a", "num_gpus": 2, "is_bid": true, "gpu_name": "L40S", "intended_status": "running",
           "machine_id": 9, "disk_space": 10.5, "colour_of_the_rack": "red",
           "simulator": {"workload": "idle", "busy_for": 60, "floor": 0.25}}, {"id": 2, "label": null}],
         "events": [{"after": 10, "id": 1, "event": "offline"}, {"after": 0.5, "id": 2, "event": "gpus_taken:2"}]}
        """#

    @Test(
        "a typing error of our own form is refused with its place and what was meant",
        arguments: [
            (#""fleet": 1"#, #""fleet": 2"#, "must be 1"),
            (#""label": "a""#, #""lable": "a""#, "instance 1: unknown member 'lable', did you mean 'label'"),
            (#""workload""#, #""workloud""#, "did you mean 'workload'"),
            (#""workload": "idle""#, #""workload": "idel""#, "did you mean 'idle'"),
            (#""busy_for": 60"#, #""busy_for": "1h""#, "must be a number of seconds"),
            (#""after": 10"#, #""after": "1h""#, "event 1: \"after\""),
            (#""after": 10, "#, "", "event 1: \"after\" is missing"), (#""after": 10, "id": 1"#, #""after": 10, "id": 7"#, "no instance 7"),
            (#""events""#, #""event""#, "did you mean 'events'"), (#""taken_after""#, #""takne_after""#, "machine 1: unknown member"),
            (#""credit": 5.5"#, #""credit": "lots""#, "account: \"credit\" must be a number"),
            (#""intended_status": "running""#, #""intended_status": "stoped""#, "did you mean 'stopped'"),
            (#""intended_status": "running""#, #""intended_status": "off""#, "there are running"),
            (#""intended_status": "running""#, #""actual_status": "runing""#, "did you mean 'running'"),
            (#""num_gpus": 2"#, #""num_gpus": "2""#, "at least 1"),
            (#""label": "a""#, #""label": "a", "label": "b""#, "instances[0].label is there twice"),
            (#""event": "offline""#, #""event": "ofline""#, "did you mean 'offline'"), ("gpus_taken:2", "gpus_taken:abc", "event 2"),
            (#""taken": 3"#, #""taken": -3"#, "not below 0"), (#""label": "a""#, #""floor": 1"#, "in \"simulator\""),
            (#""fleet": 1"#, #""fleeet": 1"#, "did you mean 'fleet'"), (#""fleet": 1, "#, "", "counts only in a file"),
            (#""machines": ["#, #""machines": [{"id": 9, "gpus": 1}, "#, "machine 2: id 9 is there twice")
        ])
    func typingErrors(right: String, wrong: String, message: String) throws {
        let text = Self.whole.replacing(right, with: wrong, maxReplacements: 1)
        #expect(text != Self.whole)
        let error = #expect(throws: FleetFile.Invalid.self) { try FleetFile.fleet(Array(text.utf8), at: beginning) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("two letters that change places in any name of our own form are noticed; without that the file is taken")
    func swappedLetters() throws {
        _ = try FleetFile.fleet(Array(Self.whole.utf8), at: beginning)
        let names = [
            "fleet", "account", "email", "credit", "machines", "gpus", "taken", "taken_after", "instances", "label", "num_gpus", "is_bid",
            "gpu_name", "intended_status", "machine_id", "disk_space", "simulator", "workload", "busy_for", "floor", "events", "after",
            "event"
        ]
        for name in names {
            for position in 0..<name.count - 1 {
                var letters = Array(name)
                letters.swapAt(position, position + 1)
                guard String(letters) != name else { continue }
                let text = Self.whole.replacing("\"\(name)\":", with: "\"\(String(letters))\":", maxReplacements: 1)
                #expect(throws: FleetFile.Invalid.self, "\(String(letters))") { try FleetFile.fleet(Array(text.utf8), at: beginning) }
            }
        }
    }

    @Test("what a saved row was busy with is guessed from its reading")
    func guesses() throws {
        let text = #"""
            [{"id": 1, "actual_status": "running", "gpu_util": 93.5}, {"id": 2, "actual_status": "running", "gpu_util": 0, "gpu_temp": 31},
             {"id": 3, "actual_status": "running", "gpu_util": 0, "gpu_temp": 71}, {"id": 4, "actual_status": "running", "gpu_util": null}]
            """#
        let fleet = try FleetFile.fleet(Array(text.utf8), at: beginning)
        #expect(fleet.instances.map(\.workload.kind) == [.training, .idle, .falseZeros, .silent])
    }

    @Test("the built-in fleet is about forty, with one of every trap")
    func standard() {
        let fleet = Fleet.standard(at: beginning)
        #expect((35...45).contains(fleet.instances.count))
        let words = Set(fleet.instances.map { "\($0.status.actual ?? "null")/\($0.status.intended)/\($0.status.current)" })
        #expect(
            words.isSuperset(of: [
                "running/running/running", "exited/stopped/stopped", "exited/running/running", "exited/running/stopped",
                "offline/running/running", "created/stopped/stopped", "null/running/running"
            ]))
        #expect(fleet.instances.contains { $0.label?.hasPrefix("keep") == true })
    }
}
