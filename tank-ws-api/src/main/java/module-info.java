/**
 * The types that applications and transports of tank-ws share.
 *
 * <p>An application gets its {@link io.tankws.Manager} from {@code io.tankws.core.TankWs}; a transport implements
 * {@link io.tankws.spi.TransportProvider}. At run time this module requires nothing but
 * {@code java.base}.
 */
module io.tankws {
    requires static transitive org.jspecify;

    exports io.tankws;
    exports io.tankws.spi;
    exports io.tankws.spi.support;
}
