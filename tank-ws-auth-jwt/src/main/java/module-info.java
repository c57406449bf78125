/**
 * The verification of JSON Web Tokens that authenticate connections and authorize subscriptions, with the claims of
 * Centrifugo. Applications start at {@code JwtAuthenticator}.
 */
module io.tankws.auth.jwt {
    requires com.auth0.jwt;
    requires com.fasterxml.jackson.core;
    requires transitive io.tankws;
    requires transitive io.tankws.protocol.centrifuge;
    requires java.net.http;
    requires org.slf4j;

    exports io.tankws.auth.jwt;
}
