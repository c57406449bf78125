package io.tankws.spi;

import io.tankws.Publication;
import io.tankws.StreamPosition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link HistoryStore#append}.
 *
 * <p>Not to be implemented by applications; kinds may be added.
 */
public sealed interface AppendResult {
    /** {@return the position for the caller that published; {@link StreamPosition#NONE} if nothing was kept} */
    StreamPosition position();

    /**
     * The publication is new and must be delivered.
     *
     * @param publication the publication with its position; without one if it was not kept
     */
    record Appended(Publication publication) implements AppendResult {
        /**
         * Creates a result.
         *
         * @param publication not {@code null}
         */
        public Appended {
            Objects.requireNonNull(publication, "publication");
        }

        @Override
        public StreamPosition position() {
            return publication.position();
        }

        // Java 17 keeps the class of the last record whose generated equals was linked, as in CloseStatus.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Appended appended && publication.equals(appended.publication);
        }

        @Override
        public int hashCode() {
            return publication.hashCode();
        }
    }

    /**
     * An earlier publication had the same idempotency key. Nothing was appended, and nothing must be delivered.
     *
     * @param position the position of the earlier publication
     */
    record Repeated(StreamPosition position) implements AppendResult {
        /**
         * Creates a result.
         *
         * @param position not {@code null}
         */
        public Repeated {
            Objects.requireNonNull(position, "position");
        }

        // Java 17 keeps the class of the last record whose generated equals was linked, as in CloseStatus.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Repeated repeated && position.equals(repeated.position);
        }

        @Override
        public int hashCode() {
            return position.hashCode();
        }
    }
}
