// Measures simdjson's DOM as `speed measure` measures the others: says `ready`; for each line of standard input parses all records of
// the file twice, and says of the second time `NANOSECONDS RECORDS`.

#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#ifdef SIMDJSON_THREADS_ENABLED
#error "a second thread would find the structure ahead of the first: build without _REENTRANT"
#endif

namespace {

size_t longest_line(const simdjson::padded_string &lines) {
    size_t longest = 0;
    for (size_t from = 0; from < lines.size();) {
        size_t end = std::min(std::string_view(lines).find('\n', from), lines.size());
        longest = std::max(longest, end + 1 - from);
        from = end + 1;
    }
    return longest;
}

void require(simdjson::error_code error) {
    if (error) {
        std::cerr << "simdjson: " << error << std::endl;
        std::exit(1);
    }
}

size_t parse(simdjson::dom::parser &parser, const simdjson::padded_string &lines, size_t batch) {
    simdjson::dom::document_stream records;
    require(parser.parse_many(lines, batch).get(records));
    size_t count = 0;
    for (auto record : records) {
        require(record.error());
        ++count;
    }
    require(records.truncated_bytes() == 0 ? simdjson::SUCCESS : simdjson::CAPACITY);
    return count;
}

}  // namespace

int main(int count, char **arguments) {
    if (count != 2) {
        std::cerr << "usage: simdjson FILE" << std::endl;
        return 2;
    }
    simdjson::padded_string lines;
    require(simdjson::padded_string::load(arguments[1]).get(lines));
    const size_t batch = std::max(simdjson::dom::DEFAULT_BATCH_SIZE, longest_line(lines));
    simdjson::dom::parser parser;
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        parse(parser, lines, batch);
        auto began = std::chrono::steady_clock::now();
        size_t records = parse(parser, lines, batch);
        auto time = std::chrono::steady_clock::now() - began;
        std::cout << std::chrono::nanoseconds(time).count() << ' ' << records << std::endl;
    }
}
