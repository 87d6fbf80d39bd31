package dev.jassay.web;

import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Refuses requests that are not for this server or come from pages of others, and tells browsers to be strict with all answers. */
final class GuardedHandler extends Handler.Wrapper {
    /** The page needs no more than its own files and this server. */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final AllowedHosts hosts;

    GuardedHandler(AllowedHosts hosts, Handler guarded) {
        super(guarded);
        this.hosts = hosts;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        Optional<Problem> problem = problem(request);
        if (problem.isPresent()) {
            headers.put(HttpHeader.CONNECTION, "close");
            problem.get().refuse(request, response, callback);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private Optional<Problem> problem(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        String target = request.getHttpURI().getAuthority();
        if (host == null || !hosts.allowsHost(host) || (target != null && !hosts.allowsHost(target))) {
            return Optional.of(Problem.of(
                    HttpStatus.MISDIRECTED_REQUEST_421,
                    "the request is for another server: name this one as it was told to listen, or localhost"));
        }
        boolean ownOrigin = request.getHeaders().getValuesList(HttpHeader.ORIGIN).stream()
                .allMatch(origin -> hosts.allowsOrigin(origin, host));
        return ownOrigin
                ? Optional.empty()
                : Optional.of(Problem.of(
                        HttpStatus.FORBIDDEN_403, "pages of other servers may not use this one from a browser"));
    }
}
