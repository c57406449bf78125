/** Readers and writers of fields, in JSON and in Protobuf. They know no message. */
@NullMarked
package io.tankws.protocol.centrifuge.codec;

import org.jspecify.annotations.NullMarked;
