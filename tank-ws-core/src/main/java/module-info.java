/**
 * Starts tank-ws; {@code io.tankws.core.TankWs} is the way in.
 *
 * @uses io.tankws.spi.BackplaneProvider
 * @uses io.tankws.spi.ClientProtocol
 * @uses io.tankws.spi.TransportProvider
 */
module io.tankws.core {
    requires transitive io.tankws;
    requires com.fasterxml.jackson.core;
    requires org.slf4j;

    exports io.tankws.core;

    uses io.tankws.spi.BackplaneProvider;
    uses io.tankws.spi.ClientProtocol;
    uses io.tankws.spi.TransportProvider;
}
