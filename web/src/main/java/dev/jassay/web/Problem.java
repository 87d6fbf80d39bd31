package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import dev.jassay.server.Refusal;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;

/**
 * Why a request could not be served, as RFC 9457 has it. Its type is {@code about:blank}: beside the status, {@code reason} tells programs
 * what is wrong, in the words of the gRPC service.
 *
 * @param detail for people, says what to do next
 * @param reason none where the status says all
 * @param headers that go with the status
 */
record Problem(
        int status, String detail, Optional<String> reason, List<Violation> violations, Map<String, String> headers) {
    /** One field that is wrong, from the config down, as in {@code validation.max_depth}; or a parameter. */
    record Violation(String field, String description) {}

    static final String CONTENT_TYPE = "application/problem+json";

    /** What servers answer whose client has given up; nobody has registered it, but it is what gRPC's CANCELLED is mapped to. */
    static final int CANCELLED = 499;

    static final String MESSAGE_INVALID = "MESSAGE_INVALID";
    static final String CONFIG_OUT_OF_ORDER = "CONFIG_OUT_OF_ORDER";

    static Problem of(int status, String detail) {
        return new Problem(status, detail, Optional.empty(), List.of(), Map.of());
    }

    static Problem of(int status, String reason, String detail) {
        return new Problem(status, detail, Optional.of(reason), List.of(), Map.of());
    }

    /** Of a config, or of the parameters that make one. */
    static Problem configInvalid(List<Violation> violations) {
        Violation first = violations.getFirst();
        String more = violations.size() > 1 ? " (and " + (violations.size() - 1) + " more, see violations)" : "";
        return new Problem(
                HttpStatus.BAD_REQUEST_400,
                "the config is invalid: " + first.field() + ": " + first.description() + more,
                Optional.of("CONFIG_INVALID"),
                List.copyOf(violations),
                Map.of());
    }

    static Problem of(Refusal refusal) {
        List<Violation> violations = new ArrayList<>();
        Map<String, String> headers = new LinkedHashMap<>();
        for (Message detail : refusal.details()) {
            switch (detail) {
                case BadRequest request ->
                    request.getFieldViolationsList()
                            .forEach(wrong -> violations.add(new Violation(wrong.getField(), wrong.getDescription())));
                case RetryInfo retry ->
                    headers.put(
                            HttpHeader.RETRY_AFTER.asString(),
                            Long.toString(Math.max(1, retry.getRetryDelay().getSeconds())));
                default ->
                    throw new IllegalStateException(
                            "unknown details " + Any.pack(detail).getTypeUrl());
            }
        }
        return new Problem(
                status(refusal), refusal.message(), Optional.of(refusal.reason()), List.copyOf(violations), headers);
    }

    private static int status(Refusal refusal) {
        return switch (refusal.code()) {
            case INVALID_ARGUMENT, FAILED_PRECONDITION -> HttpStatus.BAD_REQUEST_400;
            case ABORTED -> HttpStatus.REQUEST_TIMEOUT_408;
            case CANCELLED -> CANCELLED;
            case RESOURCE_EXHAUSTED, UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE_503;
            default -> HttpStatus.INTERNAL_SERVER_ERROR_500;
        };
    }

    Problem withHeader(HttpHeader header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header.asString(), value);
        return new Problem(status, detail, reason, violations, more);
    }

    /** Sends it as the whole answer. */
    void send(Response response, Callback callback) {
        response.setStatus(status);
        headers.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, ByteBuffer.wrap(toJson().getBytes(UTF_8)), callback);
    }

    /** The same, and waits until it is sent. */
    void send(Response response) throws IOException {
        try (Blocker.Callback sent = Blocker.callback()) {
            send(response, sent);
            sent.block();
        }
    }

    /**
     * Sends it as the whole answer to a request whose body nobody wants. That is read all the same: a connection that is closed while the
     * client sends takes the answer with it.
     */
    void refuse(Request request, Response response, Callback callback) {
        try {
            send(response);
            new RequestBody(request).discard();
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
    }

    /** As the last event of a call, in one line: line feeds are of the form only, for in strings they are escaped. */
    String toEventJson() {
        return "{\"problem\":" + toJson().replaceAll("\\n *", "") + "}";
    }

    String toJson() {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setIndent("  ");
            json.beginObject();
            json.name("type").value("about:blank");
            json.name("title").value(title());
            json.name("status").value(status);
            json.name("detail").value(detail);
            if (reason.isPresent()) {
                json.name("reason").value(reason.get());
            }
            if (!violations.isEmpty()) {
                json.name("violations").beginArray();
                for (Violation violation : violations) {
                    json.beginObject();
                    json.name("field").value(violation.field());
                    json.name("description").value(violation.description());
                    json.endObject();
                }
                json.endArray();
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private String title() {
        return status == CANCELLED ? "Client Closed Request" : HttpStatus.getMessage(status);
    }
}
