package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.server.ProcessCall;
import dev.jassay.server.ProcessCalls;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What each path is for. Runs on virtual threads. */
final class Routes extends Handler.Abstract {
    private static final String CALLS = "/v1/calls/";
    private static final String EVENTS = "/events";
    private static final String TEXT = "text/plain;charset=utf-8";
    static final String JSON = "application/json";

    private final ProcessCalls calls;
    private final RunningCalls running;
    private final PageFiles files;
    private final ConfigRoom room;
    private final byte[] info;

    Routes(ProcessCalls calls, RunningCalls running, ConfigRoom room, PageFiles files) {
        this.calls = calls;
        this.running = running;
        this.room = room;
        this.files = files;
        this.info = info(calls);
    }

    private static byte[] info(ProcessCalls calls) {
        try {
            String text = JsonFormat.printer().alwaysPrintFieldsWithNoPresence().print(calls.info());
            return (text + "\n").getBytes(UTF_8);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            route(request, response, callback);
        } catch (ProblemException e) {
            e.problem().refuse(request, response, callback);
        }
        return true;
    }

    private void route(Request request, Response response, Callback callback) throws ProblemException {
        String path = request.getHttpURI().getCanonicalPath();
        switch (path) {
            case "/v1/process" -> {
                require(request, "POST");
                new Upload(calls, running, room, request, response, callback).run();
            }
            case "/v1/info" -> {
                require(request, "GET", "HEAD");
                if (calls.draining()) {
                    throw new ProblemException(Problem.of(calls.drainingRefusal()));
                }
                send(response, callback, HttpStatus.OK_200, JSON, info);
            }
            case "/healthz" -> {
                require(request, "GET", "HEAD");
                if (calls.draining()) {
                    send(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, TEXT, "draining".getBytes(UTF_8));
                } else {
                    send(response, callback, HttpStatus.OK_200, TEXT, "ok".getBytes(UTF_8));
                }
            }
            default -> {
                if (path.startsWith(CALLS)) {
                    call(request, path.substring(CALLS.length()), response, callback);
                } else {
                    file(request, path, response, callback);
                }
            }
        }
    }

    private void call(Request request, String rest, Response response, Callback callback) throws ProblemException {
        boolean events = rest.endsWith(EVENTS);
        String id = events ? rest.substring(0, rest.length() - EVENTS.length()) : rest;
        if (!RunningCalls.isId(id)) {
            throw notFound();
        }
        if (events) {
            require(request, "GET");
            new EventStream(calls, response, callback).run(running, id);
        } else {
            require(request, "DELETE");
            cancel(id, response, callback);
        }
    }

    private void cancel(String id, Response response, Callback callback) throws ProblemException {
        Optional<ProcessCall> call = running.find(id);
        if (call.isEmpty()) {
            throw RunningCalls.unknown(id);
        }
        call.get().cancel();
        response.setStatus(HttpStatus.NO_CONTENT_204);
        callback.succeeded();
    }

    private void file(Request request, String path, Response response, Callback callback) throws ProblemException {
        PageFiles.PageFile file = files.find(path).orElseThrow(Routes::notFound);
        require(request, "GET", "HEAD");
        response.getHeaders().put(HttpHeader.ETAG, file.tag());
        // Asked for each time, and sent only where it has changed: a page of one version must not use files of another.
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        boolean known = request.getHeaders().getValuesList(HttpHeader.IF_NONE_MATCH).stream()
                .anyMatch(tags -> tags.equals("*") || tags.contains(file.tag()));
        if (known) {
            response.setStatus(HttpStatus.NOT_MODIFIED_304);
            callback.succeeded();
        } else {
            response.setStatus(HttpStatus.OK_200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, file.type());
            response.write(true, content(file, request, response).asReadOnlyByteBuffer(), callback);
        }
    }

    /** Packed for those who can unpack it. */
    private static ByteString content(PageFiles.PageFile file, Request request, Response response) {
        response.getHeaders().put(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString());
        if (request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).contains("gzip")) {
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
            return file.packed();
        }
        return file.content();
    }

    private static void send(Response response, Callback callback, int status, String type, byte[] content) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(new HttpField(HttpHeader.CACHE_CONTROL, "no-store"));
        response.write(true, ByteBuffer.wrap(content), callback);
    }

    private static void require(Request request, String... methods) throws ProblemException {
        List<String> allowed = List.of(methods);
        if (!allowed.contains(request.getMethod())) {
            String all = String.join(", ", allowed);
            throw new ProblemException(Problem.of(HttpStatus.METHOD_NOT_ALLOWED_405, "use " + all + " here")
                    .withHeader(HttpHeader.ALLOW, all));
        }
    }

    private static ProblemException notFound() {
        return new ProblemException(Problem.of(HttpStatus.NOT_FOUND_404, "there is nothing at this path"));
    }
}
