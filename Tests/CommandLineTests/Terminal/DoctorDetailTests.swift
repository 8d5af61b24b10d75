import Foundation
import Testing
import VastAPI
import VastJSON

/// What `doctor` says of the key, what it may do, and zones.
@Suite("What doctor says") struct DoctorDetailTests {
    private func checks(_ vast: VastLua, _ words: [String]) async throws -> (
        checks: [String: (status: String, detail: String)], code: Int32
    ) {
        let run = try await vast.run(["doctor", "--json"] + words)
        let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.errors)")
        var checks: [String: (status: String, detail: String)] = [:]
        for case let check as [String: String] in root["checks"] as? [Any] ?? [] {
            checks[check["name"] ?? ""] = (check["status"] ?? "", check["detail"] ?? "")
        }
        return (checks, run.code)
    }

    @Test("the key's permissions as the service lists them, also where they hold in part")
    func permissions() async throws {
        for (key, wanted) in [
            ("simulator", "key 4101: billing_read, billing_write, instance_read, instance_write, misc, user_read, user_write"),
            ("simulator-readonly", "key 4101: billing_read, instance_read, misc, user_read; without instance_write it changes nothing")
        ] {
            let vast = try VastLua(["VAST_API_KEY": key])
            let simulator = try await RunningSimulator(vast)
            let found = try await checks(vast, ["--url", simulator.url]).checks["permissions"]
            #expect(found?.status == "ok" && found?.detail == wanted, "\(String(describing: found))")
        }
    }

    @Test(
        "permissions are read from rows as they come",
        arguments: [
            (
                #"{"apikeys":[{"id":9,"rights":{"api":{"user_read":{},"instance_read":{}}}},{"id":8,"rights":{"api":{"misc":{}}}}]}"#,
                "instance_read, user_read"
            ),
            (
                #"{"apikeys":[{"id":9,"rights":{"api":{"instance_read":{"api.instance.request_logs":{"constraints":{"id":{"eq":9}}}}}}}]}"#,
                "instance_read (in part)"
            ),
            (#"[{"id":9,"rights":"{\"api\":{\"instance_write\":{}}}"}]"#, "instance_write"),
            (#"{"apikeys":[{"id":9,"rights":{"api":{}}}]}"#, "none"),
            (#"{"apikeys":[{"id":8,"rights":{"api":{"misc":{}}}}]}"#, nil), (#"{"apikeys":[{"id":9,"rights":null}]}"#, nil),
            (#"{"apikeys":[{"id":9}]}"#, nil), (#"{"apikeys":[{"id":9,"rights":{"api":[]}}]}"#, nil), (#"{"apikeys":7}"#, nil), ("{}", nil),
            (#"{"apikeys":[7,{"id":"9"},{"id":9,"rights":"nonsense"}]}"#, nil),
            (#"{"apikeys":[{"id":9.0,"rights":{"api":{"misc":{}}}}]}"#, "misc")
        ] as [(String, String?)])
    func rows(json: String, wanted: String?) throws {
        #expect(KeyPermissions(json: try JSONDocument(parsing: Array(json.utf8)).root, of: 9)?.text == wanted)
    }

    @Test(
        "a key that can be none: one error with the file and no word of its content, here and in a run, and 4",
        arguments: [
            ("printf 's3cret0 s3cret1' > .vast_api_key", "holds 2 words"),
            ("printf 's3cret0\\ns3cret1\\n' > .vast_api_key", "several lines"),
            ("printf '\\377\\376s\\0003\\000c\\000' > .vast_api_key", "UTF-16"), ("printf 's3c\\000ret' > .vast_api_key", "holds a NUL"),
            (": > .vast_api_key", ".vast_api_key (empty)"), ("mkdir .vast_api_key", ".vast_api_key (is a directory)"),
            ("head -c 100000 /dev/zero | tr '\\000' s > .vast_api_key", "is longer than 64 KiB")
        ])
    func keys(command: String, reason: String) async throws {
        let vast = try VastLua()
        #expect(try await vast.shell(command).code == 0)
        let found = try await checks(vast, [])
        #expect(found.code == 4 && found.checks["key"]?.status == "failed", "\(found)")
        let run = try await vast.run("-e", "vast.instances()")
        #expect(run.code == 4, "\(run.errors)")
        for text in [found.checks["key"]?.detail ?? "", run.errors] {
            #expect(text.contains(reason) && text.contains(vast.folder.path + "/.vast_api_key"), "\(text)")
            #expect(!text.contains("s3c") && !text.contains("ssss"), "\(text)")
        }
        #expect(run.errors.components(separatedBy: ".vast_api_key").count <= 4)
    }

    @Test("the version of the zone data, that it is old, or that nothing tells it")
    func zones() async throws {
        var vast = try VastLua(["VAST_API_KEY": "simulator"])
        vast.environment["TZDIR"] = vast.folder.path
        for (file, status, detail) in [
            ("# version 2019c\n", "warning", "2019c in \(vast.folder.path): over a year old"),
            ("# version 2099a\n", "ok", "time zone data 2099a in \(vast.folder.path)")
        ] {
            try vast.write("tzdata.zi", file)
            let found = try await checks(vast, ["--simulator"]).checks["zones"]
            #expect(found?.status == status && found?.detail.contains(detail) == true, "\(String(describing: found))")
        }
        try FileManager.default.removeItem(atPath: vast.folder.path + "/tzdata.zi")
        let file = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/UTC"))
        try file.write(to: vast.folder.appendingPathComponent("UTC"))
        let found = try await checks(vast, ["--simulator"]).checks["zones"]
        #expect(found?.status == "skipped" && found?.detail.contains("does not tell its version") == true, "\(String(describing: found))")
    }
}
