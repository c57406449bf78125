package io.tankws.transport.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The responses to errors that Jetty finds: one line of text that neither names the server nor repeats the request. */
final class PlainTextErrorHandler implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (response.getStatus() == HttpStatus.URI_TOO_LONG_414) {
            response.setStatus(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
        }
        if (response.getStatus() == HttpStatus.UPGRADE_REQUIRED_426) {
            // Jetty's response to the preface of HTTP/2. Our own 426 does not pass this handler.
            response.setStatus(HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        String line = HttpStatus.getMessage(response.getStatus());
        response.write(true, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }
}
