/** JAX programs as read from files: what they take and return, and their code in StableHLO. */
package io.portolan.programs;
