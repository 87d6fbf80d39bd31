package dev.jassay.client;

/**
 * Where a server listens, as in {@code localhost:50051} or {@code [::1]:50051}.
 *
 * @param host a name or an address; an IPv6 address stands without brackets
 * @param port 0 to 65,535; 0 stands for any free one, where a server is to listen
 */
public record ServerAddress(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException if the host is empty or the port out of its range */
    public ServerAddress {
        if (host.isEmpty() || port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "\"" + host + ":" + port + "\" is no address: write HOST:PORT with a port of at most " + MAX_PORT);
        }
    }

    /**
     * Reads {@code HOST:PORT}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what to write
     */
    public static ServerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || bracketed != host.contains(":") || !isPort(text.substring(colon + 1))) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is no address: write HOST:PORT, as in localhost:50051 or [::1]:50051, with a port of at most "
                    + MAX_PORT);
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        return new ServerAddress(bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    private static boolean isPort(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        return Integer.parseInt(digits) <= MAX_PORT;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
