package dev.jassay.web;

import dev.jassay.engine.Progress;
import dev.jassay.server.ProcessCall;
import dev.jassay.server.RefusedException;
import dev.jassay.v1.Compression;
import dev.jassay.v1.LiveViolations;
import dev.jassay.v1.ProcessConfig;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * The stream in the body of a request, which is the body itself or a part of a form, with its config: what the query says goes before what
 * a part of the form says. For one thread.
 */
final class StreamBody {
    private static final String MULTIPART = "multipart/form-data";

    private final RequestBody body;
    private final ProcessQuery query;
    private final ConfigRoom room;

    /** Of a form, what stands between its parts. */
    private final Optional<String> boundary;

    private final Optional<Compression> encoding;

    private StreamBody(
            RequestBody body,
            ProcessQuery query,
            ConfigRoom room,
            Optional<String> boundary,
            Optional<Compression> encoding) {
        this.body = body;
        this.query = query;
        this.room = room;
        this.boundary = boundary;
        this.encoding = encoding;
    }

    /**
     * Reads what the headers of the request say of its body.
     *
     * @throws ProblemException if that is nothing that can be read
     */
    static StreamBody of(Request request, RequestBody body, ProcessQuery query, ConfigRoom room)
            throws ProblemException {
        Optional<String> boundary = boundary(request.getHeaders());
        Optional<Compression> encoding = contentEncoding(request.getHeaders());
        if (boundary.isPresent() && encoding.isPresent()) {
            throw unsupportedEncoding("compress the part, not the whole body");
        }
        return new StreamBody(body, query, room, boundary, encoding);
    }

    /** Has a call take all of it, or as much as matters. */
    void readTo(ProcessCall call) throws ProblemException, RefusedException, IOException, InterruptedException {
        if (boundary.isPresent()) {
            try (ConfigPart config = new ConfigPart(room)) {
                CallParts parts = new CallParts(config, call);
                MultipartBody form = new MultipartBody(boundary.get(), parts);
                if (body.readTo(form, call) == Progress.MORE) {
                    form.requireWhole();
                    parts.end();
                }
            }
        } else {
            if (encoding.isPresent() || !isDefault()) {
                call.configure(declared(config(ProcessConfig.getDefaultInstance())));
            }
            var _ = body.readTo(piece -> call.accept(piece.getByteBuffer()), call);
        }
    }

    private boolean isDefault() {
        return query.saysNothing() && query.call().isEmpty();
    }

    /** What the call is to do. Violations are told as samples, unless the client wants others: who reads events may miss some. */
    private ProcessConfig config(ProcessConfig given) {
        ProcessConfig config = query.over(given);
        boolean open = config.getReport().getLiveViolations() == LiveViolations.LIVE_VIOLATIONS_UNSPECIFIED;
        if (query.call().isEmpty() || !open) {
            return config;
        }
        ProcessConfig.Builder sampled = config.toBuilder();
        sampled.getReportBuilder().setLiveViolations(LiveViolations.LIVE_VIOLATIONS_SAMPLES);
        return sampled.build();
    }

    /** With the compression that the header tells. */
    private byte[] declared(ProcessConfig config) throws ProblemException {
        if (encoding.isEmpty()) {
            return config.toByteArray();
        }
        Compression declared = config.getCompression();
        if (declared != Compression.COMPRESSION_UNSPECIFIED && declared != encoding.get()) {
            throw new ProblemException(Problem.configInvalid(List.of(new Problem.Violation(
                    "compression", "the header Content-Encoding says something else: leave one of them out"))));
        }
        return config.toBuilder().setCompression(encoding.get()).build().toByteArray();
    }

    /** The parts of a form: where there is no config, the query may still say something of it. */
    private final class CallParts implements MultipartBody.Parts {
        private final ConfigPart config;
        private final ProcessCall call;
        private boolean configured = isDefault();

        CallParts(ConfigPart config, ProcessCall call) {
            this.config = config;
            this.call = call;
        }

        @Override
        public void configPiece(Content.Chunk piece) throws ProblemException {
            config.append(piece.getByteBuffer());
        }

        @Override
        public void configEnd() throws RefusedException, ProblemException {
            if (config.large()) {
                room.turn().lock();
                try {
                    configure(config.config());
                } finally {
                    room.turn().unlock();
                }
            } else {
                configure(config.config());
            }
            config.close();
        }

        @Override
        public Progress filePiece(Content.Chunk piece) throws RefusedException {
            configureByQueryAlone();
            return call.accept(piece.getByteBuffer());
        }

        /** There may have been a form without a byte of a file. */
        void end() throws RefusedException {
            configureByQueryAlone();
        }

        private void configureByQueryAlone() throws RefusedException {
            if (!configured) {
                configure(ProcessConfig.getDefaultInstance());
            }
        }

        private void configure(ProcessConfig given) throws RefusedException {
            configured = true;
            call.configure(config(given).toByteArray());
        }
    }

    private static Optional<String> boundary(HttpFields headers) throws ProblemException {
        String type = headers.get(HttpHeader.CONTENT_TYPE);
        if (type == null || !MULTIPART.equalsIgnoreCase(HttpField.getValueParameters(type, null))) {
            return Optional.empty();
        }
        Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        HttpField.getValueParameters(type, parameters);
        String boundary = parameters.getOrDefault("boundary", "");
        if (boundary.isEmpty()) {
            throw RequestBody.invalid("the content type " + MULTIPART + " has no boundary");
        }
        return Optional.of(boundary);
    }

    /** A body that is compressed as a whole is as a stream that is. */
    private static Optional<Compression> contentEncoding(HttpFields headers) throws ProblemException {
        String encoding = String.join(",", headers.getValuesList(HttpHeader.CONTENT_ENCODING));
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
