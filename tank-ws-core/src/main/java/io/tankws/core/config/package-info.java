/** The settings that a manager was built with. */
@NullMarked
package io.tankws.core.config;

import org.jspecify.annotations.NullMarked;
