package dev.jassay.web;

import dev.jassay.server.ProcessCall;
import dev.jassay.server.ProcessCalls;
import dev.jassay.server.RefusedException;
import java.io.IOException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
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
                body.discard();
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
        StreamBody stream = StreamBody.of(request, body, query, room);
        ProcessCall call = calls.admit(BUFFER_BYTES, this::interrupted);
        try (call) {
            byte[] result = named(query, call, () -> {
                stream.readTo(call);
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
        problem.send(response);
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
}
