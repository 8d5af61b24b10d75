/// A GPU as the market offers it.
struct GPUModel: Sendable {
    let name: String
    /// Megabytes each.
    let memory: Int64
    /// Dollars an hour each.
    let price: Double
    /// Gigabytes a second.
    let bandwidth: Double
    /// TFLOPS each.
    let flops: Double

    static let all: [GPUModel] = [
        GPUModel(name: "RTX 4090", memory: 24564, price: 0.34, bandwidth: 901.3, flops: 82.6),
        GPUModel(name: "RTX 3090", memory: 24576, price: 0.19, bandwidth: 831.2, flops: 35.6),
        GPUModel(name: "H100 SXM", memory: 81559, price: 2.28, bandwidth: 2998.4, flops: 66.9),
        GPUModel(name: "A100 SXM4", memory: 81920, price: 0.98, bandwidth: 1694.2, flops: 19.5),
        GPUModel(name: "L40S", memory: 46068, price: 0.62, bandwidth: 731.8, flops: 91.6),
        GPUModel(name: "RTX 5090", memory: 32607, price: 0.52, bandwidth: 1521.7, flops: 104.8)
    ]

    static func named(_ name: String) -> GPUModel? { all.first { $0.name == name } }
}
