// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A JSON object of strings, whole numbers and lists of strings, read by another parser than the core's.
struct JSONText: Equatable {
    var strings: [String: String] = [:]
    var numbers: [String: Int] = [:]
    var lists: [String: [String]] = [:]

    private enum Member: Decodable {
        case string(String)
        case number(Int)
        case list([String])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let string = try? value.decode(String.self) {
                self = .string(string)
            } else if let number = try? value.decode(Int.self) {
                self = .number(number)
            } else {
                self = .list(try value.decode([String].self))
            }
        }
    }

    init(strings: [String: String], numbers: [String: Int] = [:], lists: [String: [String]] = [:]) {
        self.strings = strings
        self.numbers = numbers
        self.lists = lists
    }

    init(_ text: String) throws {
        for (key, member) in try JSONDecoder().decode([String: Member].self, from: Data(text.utf8)) {
            switch member {
            case .string(let string): strings[key] = string
            case .number(let number): numbers[key] = number
            case .list(let list): lists[key] = list
            }
        }
    }
}
