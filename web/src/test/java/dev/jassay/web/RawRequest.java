package dev.jassay.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A connection to which a test writes what no client library would. */
final class RawRequest implements AutoCloseable {
    private final Socket socket;

    RawRequest(InetSocketAddress address) {
        try {
            socket = new Socket(address.getAddress(), address.getPort());
            socket.setSoTimeout((int) WebRig.LIMIT.toMillis());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    RawRequest send(String text) throws IOException {
        return send(text.getBytes(UTF_8));
    }

    RawRequest send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Line and headers of an upload, with more headers if wanted, each with its line end. */
    RawRequest beginUpload(String query, String moreHeaders) throws IOException {
        return send("POST /v1/process" + query + " HTTP/1.1\r\nHost: localhost:" + socket.getPort() + "\r\n"
                + moreHeaders + "\r\n");
    }

    RawRequest chunk(String data) throws IOException {
        return send(Integer.toHexString(data.getBytes(UTF_8).length) + "\r\n" + data + "\r\n");
    }

    /** The status of the next answer. */
    int status() throws IOException {
        String line = line();
        while (line.startsWith("HTTP/1.1 100")) {
            line();
            line = line();
        }
        return Integer.parseInt(line.split(" ", 3)[1]);
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(ISO_8859_1).strip();
    }

    /** All that comes until the connection ends. */
    String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    /** Ends without a word to the client, as where its machine fails. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
