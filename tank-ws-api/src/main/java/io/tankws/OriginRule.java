package io.tankws;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The decision about the pages that may connect (RFC 6455 section 10.2). Browsers send cookies with requests of every
 * page. Without such a rule, any site that a user visits could act in the name of the user.
 *
 * <p>The rules of this interface admit peers without an {@code Origin} header, because those are not browsers. A rule
 * of the application is called on a callback thread, like an {@link Authenticator}. If it throws, the peer gets
 * status 500.
 *
 * <p>Implemented by applications.
 */
@FunctionalInterface
public interface OriginRule {
    /**
     * Decides on one request.
     *
     * @param request a valid handshake
     * @return whether its origin may connect; {@code false} yields a 403
     */
    boolean allows(HandshakeRequest request);

    /**
     * Returns the default rule, which allows origins with the scheme, host and port that the request was sent to.
     *
     * @return the rule; it refuses {@code null}, other ports, and parent and sub domains
     */
    static OriginRule sameOrigin() {
        return new BuiltInOriginRule(request -> request.origin().isEmpty() || Origin.same(request));
    }

    /**
     * Returns a rule that allows the listed origins only.
     *
     * @param origins origins such as {@code https://example.org} or {@code http://localhost:8080}, without path and
     *     wildcard
     * @return the rule
     * @throws IllegalArgumentException if one is not an origin
     */
    static OriginRule of(Collection<String> origins) {
        Set<Origin> allowed = origins.stream()
                .map(text -> Origin.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "not an origin such as https://example.org:8443: " + text)))
                .collect(Collectors.toUnmodifiableSet());
        return new BuiltInOriginRule(request -> request.origin().isEmpty()
                || request.origin()
                        .flatMap(Origin::parse)
                        .filter(allowed::contains)
                        .isPresent());
    }

    /**
     * Returns a rule that allows every page of every site. It is safe only for services that need no protection from
     * foreign pages.
     *
     * @return the rule
     */
    static OriginRule anyOrigin() {
        return new BuiltInOriginRule(request -> true);
    }

    /**
     * Returns a rule that allows an origin if this rule or another one does.
     *
     * @param other rule that is asked if this one refuses
     * @return the rule
     */
    default OriginRule or(OriginRule other) {
        OriginRule either = request -> allows(request) || other.allows(request);
        return isBuiltIn(this) && isBuiltIn(other) ? new BuiltInOriginRule(either) : either;
    }

    /**
     * Returns whether a rule consists only of rules of this interface. Such a rule never blocks, so a manager asks it
     * on the transport's thread. Any other rule is user code, which a manager calls on a callback thread.
     *
     * @param rule any rule
     * @return {@code false} for a rule of the application
     */
    static boolean isBuiltIn(OriginRule rule) {
        return rule instanceof BuiltInOriginRule;
    }
}
