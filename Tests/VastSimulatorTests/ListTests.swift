import Testing
import VastJSON

@testable import VastSimulator

@Suite struct ListTests {
    private func rig(_ count: Int64) -> Rig {
        Rig(
            (1...count).map { id in
                running(id) {
                    $0.label = id % 3 == 0 ? nil : "job-\(id % 3)"
                    $0.gpu = id % 2 == 0 ? "H100 SXM" : "RTX 4090"
                    $0.isOn = id % 5 != 0
                }
            })
    }

    private func encoded(_ json: String) -> String {
        json.utf8.map { byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    @Test("a page has exactly the six members of the contract")
    func members() {
        guard case .object(let page) = rig(30).list().json else { Issue.record("no object"); return }
        #expect(page.map(\.name) == ["success", "instances_found", "total_instances", "label_counts", "next_token", "instances"])
        #expect(page["instances_found"] == 25)
        #expect(page["total_instances"] == 30)
        #expect(page["label_counts"] == ["": 10, "job-1": 10, "job-2": 10])
    }

    @Test("following the tokens gives every row once, in order")
    func pages() {
        let rig = rig(60)
        var (ids, query, count): ([Int64], String, Int) = ([], "", 0)
        repeat {
            let page = rig.list(query)
            ids += page.ids
            count += 1
            query = page.json["next_token"]?.text.map { "?after_token=" + encoded($0) } ?? ""
        } while !query.isEmpty && count < 10
        #expect(ids == Array(1...60))
        #expect(count == 3)
    }

    @Test("the limit has its bounds", arguments: [("0", 5), ("-3", 5), ("7", 7), ("25", 25), ("1000", 25)])
    func limit(_ text: String, _ rows: Int) { #expect(rig(40).list("?limit=\(text)").ids.count == rows) }

    @Test(
        "a bad parameter is 400 invalid_request without success",
        arguments: [
            "?limit=x", #"?order_by=[{"col":"nonsense","dir":"asc"}]"#, #"?order_by={"#, #"?select_filters={"dph_total":{"gt":1}}"#,
            #"?select_filters={"num_gpus":{"eq":1}}"#, #"?select_filters={"id":{"like":1}}"#, #"?select_filters={"id":{"in":3}}"#,
            #"?select_filters={"id":{"eq":"x"}}"#, #"?select_filters=[]"#, #"?select_filters={"label":"a"}"#, #"?select_cols={}"#
        ])
    func badParameter(_ query: String) {
        let parts = query.split(separator: "=", maxSplits: 1)
        let answer = rig(3).list(parts[0] + "=" + encoded(String(parts[1])))
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_request")
        #expect(answer.json["success"] == nil)
    }

    @Test("the refused column is named as in the contract")
    func badColumn() {
        let answer = rig(3).list("?select_filters=" + encoded(#"{"dph_total":{"gt":1}}"#))
        #expect(answer.json["msg"] == "Error in query parameters: dph_total is not a valid search key")
    }

    @Test("a bad token is 400 invalid_token", arguments: ["x", "eyJ2YWx1ZXMiOiB7fX0=", "e30="])
    func badToken(_ token: String) {
        let answer = rig(3).list("?after_token=" + encoded(token))
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_token")
    }

    @Test("the contract's own token is read")
    func contractToken() {
        // {"values": {"id": 123}}
        #expect(rig(3).list("?after_token=eyJ2YWx1ZXMiOiB7ImlkIjogMTIzfX0=").ids == [])
    }

    @Test("an unknown parameter is ignored, so that a wrong token name gives the first page again")
    func unknownParameter() { #expect(rig(40).list("?next_token=abc").ids == Array(1...25)) }

    @Test(
        "filters",
        arguments: [
            (#"{"id":{"in":[2,4,99]}}"#, [2, 4]), (#"{"id":{"notin":[1,2,3,4,5,6,7]}}"#, [8, 9]), (#"{"id":{"gt":7}}"#, [8, 9]),
            (#"{"id":{"gte":8}}"#, [8, 9]), (#"{"id":{"lt":2}}"#, [1]), (#"{"id":{"lte":2}}"#, [1, 2]),
            (#"{"id":{"gt":2,"lt":5}}"#, [3, 4]),
            (#"{"id":{"eq":5.0}}"#, [5]), (#"{"label":{"eq":null}}"#, [3, 6, 9]), (#"{"label":{"neq":null}}"#, [1, 2, 4, 5, 7, 8]),
            (#"{"label":{"in":["job-1",null]}}"#, [1, 3, 4, 6, 7, 9]), (#"{"label":{"neq":"job-1"}}"#, [2, 5, 8]),
            (#"{"label":{"notin":["job-1"]}}"#, [2, 5, 8]), (#"{"gpu_name":{"eq":"H100 SXM"}}"#, [2, 4, 6, 8]),
            (#"{"intended_status":{"eq":"stopped"}}"#, [5]), (#"{"actual_status":{"eq":"exited"},"id":{"in":[4,5]}}"#, [5])
        ] as [(String, [Int64])])
    func filters(_ filter: String, _ ids: [Int64]) {
        let answer = rig(9).list("?select_filters=" + encoded(filter))
        #expect(answer.ids == ids)
        #expect(answer.json["total_instances"] == .integer(Int64(ids.count)))
    }

    @Test("positive proof takes one request: the total of a filter on ids and target")
    func proof() {
        let rig = rig(9)
        _ = rig.send("PUT", "/api/v0/instances/", ["state": "stopped", "ids": [1, 2, 3]])
        let answer = rig.list("?limit=1&select_filters=" + encoded(#"{"id":{"in":[1,2,3]},"intended_status":{"eq":"stopped"}}"#))
        #expect(answer.json["total_instances"] == 3)
        #expect(answer.ids.count == 1)
    }

    @Test("a filter on actual_status does not see what is offline, unless it is told to", arguments: [true, false])
    func offline(_ sees: Bool) {
        let rig = Rig([running(1)]) { $0.behaviour.offlineFilter = sees }
        _ = rig.service.changeWorld { $0.schedule(.hostLost("offline"), on: 1) }
        #expect(rig.list("?select_filters=" + encoded(#"{"actual_status":{"eq":"offline"}}"#)).ids == (sees ? [1] : []))
        #expect(rig.list().json["instances"]?.elements?.first?["actual_status"] == "offline")
    }

    @Test("order, with the id as the last key, and pages in that order")
    func order() {
        let rig = rig(9)
        let query = "?limit=4&order_by=" + encoded(#"[{"col":"gpu_name","dir":"desc"},{"col":"id","dir":"desc"}]"#)
        let first = rig.list(query)
        #expect(first.ids == [9, 7, 5, 3])
        let token = first.json["next_token"]?.text ?? ""
        #expect(rig.list(query + "&after_token=" + encoded(token)).ids == [1, 8, 6, 4])
        #expect(rig.list("?order_by=" + encoded(#"[{"col":"gpu_name","dir":"whatever"}]"#)).ids == [2, 4, 6, 8, 1, 3, 5, 7, 9])
    }

    @Test("chosen columns come alone and in their order; an unknown one is null")
    func columns() {
        let row = rig(2).list("?select_cols=" + encoded(#"["label","gpu_utl","id"]"#)).json["instances"]?.elements?.first
        guard case .object(let members)? = row else { Issue.record("no row"); return }
        #expect(members.map(\.name) == ["label", "gpu_utl", "id"])
        #expect(members["gpu_utl"] == .null)
    }

    @Test("a row that goes between two pages is not missed, nor another one shown twice")
    func changeBetweenPages() {
        let rig = rig(30)
        let first = rig.list()
        _ = rig.send("DELETE", "/api/v0/instances/25/", [:])
        _ = rig.send("DELETE", "/api/v0/instances/3/", [:])
        let second = rig.list("?after_token=" + encoded(first.json["next_token"]?.text ?? ""))
        #expect(second.ids == Array(26...30))
        #expect(second.json["total_instances"] == 28)
    }

    @Test("the old list is gone, or what it was, as chosen", arguments: [(Behaviour.OldList.gone, 410), (.goneWith200, 200), (.list, 200)])
    func oldList(_ choice: Behaviour.OldList, _ status: Int) {
        let answer = Rig { $0.behaviour.oldList = choice }.send("GET", "/api/v0/instances/?owner=me")
        #expect(answer.status == status)
        #expect(answer.error == (choice == .list ? nil : "deprecated_endpoint"))
        #expect(answer.ids == (choice == .list ? [11, 12, 13] : []))
    }
}
