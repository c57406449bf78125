/** The Centrifuge client protocol in JSON and in Protobuf, for the SDKs of Centrifuge. */
module io.tankws.protocol.centrifuge {
    requires com.fasterxml.jackson.core;
    requires io.tankws;
}
