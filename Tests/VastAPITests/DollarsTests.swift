import Testing
import VastAPI

@Suite struct DollarsTests {
    @Test(
        "amounts have two digits, and what is no amount is a question mark",
        arguments: [
            (0.0, "0.00", "$0.00"), (1.005, "1.00", "$1.00"), (-0.001, "0.00", "$0.00"), (-2.5, "-2.50", "-$2.50"),
            (1234.567, "1234.57", "$1234.57"),
            (.infinity, "?", "$?"), (.nan, "?", "$?"), (1e300, "?", "$?")
        ] as [(Double, String, String)])
    func texts(amount: Double, figure: String, text: String) {
        #expect(Dollars.figure(amount) == figure && Dollars.text(amount) == text)
        #expect(USDPerHour(amount).description == text + "/h")
    }
}
