/**
 * The types that applications and transports of tank-ws share.
 *
 * <p>An application gets its {@link io.tankws.Manager} from {@code io.tankws.core.TankWs}; a transport implements
 * {@link io.tankws.spi.TransportProvider}. This module requires nothing but {@code java.base}.
 */
module io.tankws {
    exports io.tankws;
    exports io.tankws.spi;
    exports io.tankws.spi.support;
}
