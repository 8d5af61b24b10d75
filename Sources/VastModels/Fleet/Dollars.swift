/// How amounts in US dollars are written.
package enum Dollars {
    /// With two digits behind the point and no sign of the currency, such as `0.70`; `?` for what is no amount.
    package static func figure(_ amount: Double) -> String {
        guard amount.isFinite, abs(amount) < 1e12 else { return "?" }
        let cents = Int64((abs(amount) * 100).rounded())
        let fraction = cents % 100
        return "\(amount < 0 && cents > 0 ? "-" : "")\(cents / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }

    /// Such as `$0.70` or `-$2.50`.
    package static func text(_ amount: Double) -> String {
        let figure = figure(amount)
        return figure.hasPrefix("-") ? "-$\(figure.dropFirst())" : "$\(figure)"
    }
}
