/**
 * The Centrifuge client protocol in JSON and in Protobuf, for the SDKs of Centrifuge. {@code manager.endpoint} finds it
 * by the name {@code centrifuge}, or the application passes a {@code CentrifugeProtocol} with its options.
 *
 * @provides io.tankws.spi.ClientProtocol with the name {@code centrifuge}
 */
module io.tankws.protocol.centrifuge {
    requires com.fasterxml.jackson.core;
    requires transitive io.tankws;

    exports io.tankws.protocol.centrifuge;

    provides io.tankws.spi.ClientProtocol with
            io.tankws.protocol.centrifuge.CentrifugeProtocol;
}
