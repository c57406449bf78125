package io.tankws.core.authorization;

import io.tankws.TopicDecision;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a request: permission, or the reason why there is none.
 *
 * @param permission permission, or {@code null} if the action is denied
 * @param reason reason of the denial, or an empty text
 * @param cause failure of the authorizer, or {@code null} if it has not failed
 */
public record Verdict(
        TopicDecision.@Nullable Allowed permission,
        String reason,
        @Nullable Throwable cause) {
    public static final Verdict REVOKED = denied("revoked");
    static final Verdict TOO_SLOW = denied("the authorizer took too long");
    static final Verdict TOO_MANY_CALLS = denied("too many calls of the authorizer do not end");
    static final Verdict NOT_RUNNING = denied("the manager is not running");

    public static Verdict denied(String reason) {
        return new Verdict(null, reason, null);
    }

    static Verdict failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new Verdict(null, "the authorizer failed", cause);
    }

    static Verdict of(@Nullable TopicDecision decision) {
        if (decision instanceof TopicDecision.Denied denied) {
            return denied(denied.reason());
        }
        if (!(decision instanceof TopicDecision.Allowed allowed)) {
            return failed(new NullPointerException("the authorizer decided nothing"));
        }
        boolean expired = allowed.expiresAt()
                .filter(expiry -> !Instant.now().isBefore(expiry))
                .isPresent();
        return expired ? denied("the permission has expired") : new Verdict(allowed, "", null);
    }

    public boolean isAllowed() {
        return permission != null;
    }
}
