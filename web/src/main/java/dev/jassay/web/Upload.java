package dev.jassay.web;

import dev.jassay.engine.Progress;
import dev.jassay.server.ProcessCall;
import dev.jassay.server.ProcessCalls;
import dev.jassay.server.RefusedException;
import dev.jassay.v1.Compression;
import dev.jassay.v1.LiveViolations;
import dev.jassay.v1.ProcessConfig;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to judge the stream in its body: lets it in, takes the body as fast as the engine does, and answers. It runs on a virtual
 * thread, which waits while the engine works and while the client neither sends nor reads.
 */
final class Upload {
    private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

    /** What the connection holds of a call: a buffer that is read, and one that is written. */
    static final long BUFFER_BYTES = 2L * WebServer.INPUT_BUFFER_BYTES;

    /**
     * Of a body whose result is certain, or that is refused: a client that sends it all before it reads gets its answer, and one that
     * would send for hours is told to stop by the end of the connection.
     */
    static final long MAX_DISCARDED_BYTES = 256L << 20;

    private static final String MULTIPART = "multipart/form-data";

    private final ProcessCalls calls;
    private final RunningCalls running;
    private final ConfigRoom room;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final RequestBody body;

    /** Whether the body has been taken, so that only the client can still keep the call open. */
    private volatile boolean answering;

    Upload(
            ProcessCalls calls,
            RunningCalls running,
            ConfigRoom room,
            Request request,
            Response response,
            Callback callback) {
        this.calls = calls;
        this.running = running;
        this.room = room;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.body = new RequestBody(request);
    }

    /** Returns when the request has been answered, or its client has gone. */
    void run() {
        // Only a client that is waited for is idle: nothing moves either while the engine works.
        request.addIdleTimeoutListener(_ -> false);
        try {
            try {
                judge();
            } catch (ProblemException e) {
                refuse(e.problem());
            } catch (RefusedException e) {
                refuse(Problem.of(e.refusal()));
            }
            if (response.getStatus() != HttpStatus.REQUEST_TIMEOUT_408) {
                body.discard(MAX_DISCARDED_BYTES);
            }
            callback.succeeded();
        } catch (IOException e) {
            LOG.debug("a client has gone", e);
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
    }

    private void judge() throws ProblemException, RefusedException, IOException, InterruptedException {
        ProcessQuery query = ProcessQuery.read(request.getHttpURI().getQuery());
        Optional<String> boundary = boundary();
        Optional<Compression> encoding = contentEncoding();
        if (boundary.isPresent() && encoding.isPresent()) {
            throw unsupportedEncoding("compress the part, not the whole body");
        }
        ProcessCall call = calls.admit(BUFFER_BYTES, this::interrupted);
        try (call) {
            byte[] result = named(query, call, () -> {
                if (boundary.isPresent()) {
                    takeParts(boundary.get(), query, call);
                } else {
                    takeStream(query, encoding, call);
                }
                return call.finish();
            });
            answer(result);
        }
    }

    private interface Work {
        byte[] run() throws ProblemException, RefusedException, IOException, InterruptedException;
    }

    /** A name is free again before the client hears of the end. */
    private byte[] named(ProcessQuery query, ProcessCall call, Work work)
            throws ProblemException, RefusedException, IOException, InterruptedException {
        if (query.call().isEmpty()) {
            return work.run();
        }
        String name = query.call().get();
        CallEvents events = new CallEvents();
        running.enter(name, call, events);
        Problem problem = Problem.of(Problem.CANCELLED, "the client has gone");
        try {
            call.listen(events);
            byte[] result = work.run();
            events.end(ResultJson.event(result));
            return result;
        } catch (ProblemException e) {
            problem = e.problem();
            throw e;
        } catch (RefusedException e) {
            problem = Problem.of(e.refusal());
            throw e;
        } finally {
            running.leave(name);
            // Whatever ended it, it has ended.
            events.end(problem.toEventJson());
        }
    }

    /** What the call is to do. Violations are told as samples, unless the client wants others: who reads events may miss some. */
    private static ProcessConfig config(ProcessQuery query, ProcessConfig given) {
        ProcessConfig config = query.over(given);
        boolean open = config.getReport().getLiveViolations() == LiveViolations.LIVE_VIOLATIONS_UNSPECIFIED;
        if (query.call().isEmpty() || !open) {
            return config;
        }
        ProcessConfig.Builder sampled = config.toBuilder();
        sampled.getReportBuilder().setLiveViolations(LiveViolations.LIVE_VIOLATIONS_SAMPLES);
        return sampled.build();
    }

    private static boolean isDefault(ProcessQuery query) {
        return query.saysNothing() && query.call().isEmpty();
    }

    private void takeStream(ProcessQuery query, Optional<Compression> encoding, ProcessCall call)
            throws ProblemException, RefusedException, IOException, InterruptedException {
        ProcessConfig config = config(query, ProcessConfig.getDefaultInstance());
        if (encoding.isPresent()) {
            Compression declared = config.getCompression();
            if (declared != Compression.COMPRESSION_UNSPECIFIED && declared != encoding.get()) {
                throw new ProblemException(Problem.configInvalid(List.of(new Problem.Violation(
                        "compression", "the header Content-Encoding says something else: leave one of them out"))));
            }
            config = config.toBuilder().setCompression(encoding.get()).build();
        }
        if (encoding.isPresent() || !isDefault(query)) {
            call.configure(config.toByteArray());
        }
        body.readTo(
                new RequestBody.Taker() {
                    @Override
                    public Progress take(Content.Chunk piece) throws RefusedException {
                        return call.accept(piece.getByteBuffer());
                    }

                    @Override
                    public Progress workMeanwhile() throws RefusedException {
                        return call.workOnWhatCame();
                    }
                },
                call);
    }

    private void takeParts(String boundary, ProcessQuery query, ProcessCall call)
            throws ProblemException, RefusedException, IOException, InterruptedException {
        try (ConfigPart config = new ConfigPart(room)) {
            MultipartBody parts = new MultipartBody(boundary, new CallParts(query, config, call));
            body.readTo(parts, call);
            parts.requireWhole();
        }
    }

    /** The parts of a call: where there is no config, the query may still say something of it. */
    private final class CallParts implements MultipartBody.Parts {
        private final ProcessQuery query;
        private final ConfigPart config;
        private final ProcessCall call;
        private boolean configured;

        CallParts(ProcessQuery query, ConfigPart config, ProcessCall call) {
            this.query = query;
            this.config = config;
            this.call = call;
            this.configured = isDefault(query);
        }

        @Override
        public void configPiece(Content.Chunk piece) throws ProblemException {
            config.append(piece.getByteBuffer());
        }

        @Override
        public void configEnd() throws RefusedException, ProblemException {
            configured = true;
            if (config.large()) {
                room.turn().lock();
                try {
                    call.configure(Upload.config(query, config.config()).toByteArray());
                } finally {
                    room.turn().unlock();
                }
            } else {
                call.configure(Upload.config(query, config.config()).toByteArray());
            }
            config.close();
        }

        @Override
        public Progress filePiece(Content.Chunk piece) throws RefusedException {
            if (!configured) {
                configured = true;
                call.configure(
                        Upload.config(query, ProcessConfig.getDefaultInstance()).toByteArray());
            }
            return call.accept(piece.getByteBuffer());
        }

        @Override
        public Progress workMeanwhile() throws RefusedException {
            return call.workOnWhatCame();
        }
    }

    private void answer(byte[] result) throws IOException {
        answering = true;
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Routes.JSON);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        closeUnlessEnded();
        try (var out = Content.Sink.asOutputStream(response)) {
            ResultJson.write(result, out);
        }
    }

    private void refuse(Problem problem) throws IOException {
        answering = true;
        closeUnlessEnded();
        try (Blocker.Callback sent = Blocker.callback()) {
            problem.send(response, sent);
            sent.block();
        }
    }

    /** Nobody can say how much of the body is still to come. */
    private void closeUnlessEnded() {
        if (!body.ended()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
    }

    /** On any thread. A client that does not read its answer is no longer waited for. */
    private void interrupted() {
        if (answering) {
            request.getConnectionMetaData().getConnection().getEndPoint().close();
        } else {
            body.wake();
        }
    }

    private Optional<String> boundary() throws ProblemException {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !MULTIPART.equalsIgnoreCase(HttpField.getValueParameters(type, null))) {
            return Optional.empty();
        }
        @Nullable String boundary = MultiPart.extractBoundary(type);
        if (boundary == null || boundary.isEmpty()) {
            throw RequestBody.invalid("the content type " + MULTIPART + " has no boundary");
        }
        return Optional.of(boundary);
    }

    /** A body that is compressed as a whole is as a stream that is. */
    private Optional<Compression> contentEncoding() throws ProblemException {
        String encoding = String.join(",", request.getHeaders().getValuesList(HttpHeader.CONTENT_ENCODING));
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> Optional.empty();
            case "gzip", "x-gzip" -> Optional.of(Compression.COMPRESSION_GZIP);
            case "zstd" -> Optional.of(Compression.COMPRESSION_ZSTD);
            default -> throw unsupportedEncoding("the content encoding may be gzip or zstd");
        };
    }

    private static ProblemException unsupportedEncoding(String detail) {
        return new ProblemException(Problem.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, detail)
                .withHeader(HttpHeader.ACCEPT_ENCODING, "gzip, zstd"));
    }
}
