package io.tankws.backplane.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.netty.channel.ConnectTimeoutException;
import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Conversion of failures to exceptions with texts of this module. Texts and exceptions of a server or a library are
 * not passed on, because they may contain a password.
 */
final class RedisErrors {
    private static final Set<String> MISPLACED =
            Set.of("MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "READONLY", "MASTERDOWN", "NOAUTH");

    private static final int MAX_CAUSES = 16;

    private RedisErrors() {}

    static BackplaneException unreachable(String message) {
        return new BackplaneException(Reason.UNREACHABLE, message, null);
    }

    /**
     * Converts the failure of a command.
     *
     * @param atOnce true if the command failed before the call that sent it returned
     */
    static BackplaneException of(Throwable thrown, boolean atOnce) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof BackplaneException known) {
            return known;
        }
        if (cause instanceof RedisCommandExecutionException) {
            return new BackplaneException(Reason.REFUSED, RedisError.sentence(cause.getMessage()), null);
        }
        // Lettuce checks the connection before it writes. All other failures may belong to a write that has begun.
        if (atOnce && (cause instanceof RedisException || cause instanceof SessionException)) {
            return new BackplaneException(Reason.UNREACHABLE, "the command was not sent: " + sentence(cause), null);
        }
        return new BackplaneException(Reason.UNCERTAIN, "the connection ended before Redis replied", null);
    }

    /**
     * Returns whether Redis reports that this server cannot serve the command and another one, or a later time,
     * could.
     */
    static boolean isMisplaced(Throwable thrown) {
        return unwrap(thrown) instanceof RedisCommandExecutionException reply
                && MISPLACED.contains(RedisError.code(reply.getMessage()));
    }

    /** Returns whether Redis reports that it does not have a script. */
    static boolean isScriptMissing(Throwable thrown) {
        return unwrap(thrown) instanceof RedisCommandExecutionException reply
                && RedisError.code(reply.getMessage()).equals("NOSCRIPT");
    }

    /** Returns an exception whose message describes the failure in one sentence. */
    static SessionException describe(Throwable thrown) {
        return new SessionException(sentence(thrown));
    }

    private static @Nullable String sentence(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        for (Throwable each : chain) {
            if (each instanceof SessionException || each instanceof BackplaneException) {
                return each.getMessage();
            }
            if (each instanceof RedisCommandExecutionException) {
                return RedisError.sentence(each.getMessage());
            }
        }
        for (Throwable each : chain) {
            String kind = kind(each);
            if (kind != null) {
                return kind;
            }
        }
        return "the connection to Redis failed by a "
                + chain.get(chain.size() - 1).getClass().getSimpleName();
    }

    /** Returns the description of an exception type, or {@code null} for an unknown type. */
    private static @Nullable String kind(Throwable thrown) {
        if (thrown instanceof UnknownHostException) {
            return "the host of Redis cannot be resolved";
        }
        if (thrown instanceof SSLException || thrown instanceof CertificateException) {
            return "TLS with Redis failed by a " + thrown.getClass().getSimpleName()
                    + "; check its certificate, and whether the port speaks TLS";
        }
        if (thrown instanceof ConnectTimeoutException
                || thrown instanceof SocketTimeoutException
                || thrown instanceof RedisCommandTimeoutException
                || thrown instanceof TimeoutException) {
            return "Redis did not answer in time";
        }
        if (thrown instanceof ConnectException) {
            return "the connection to Redis was refused";
        }
        return thrown instanceof IOException ? "the connection to Redis ended" : null;
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable each = thrown; each != null && chain.size() < MAX_CAUSES; each = each.getCause()) {
            chain.add(each);
        }
        return chain;
    }

    static Throwable unwrap(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
