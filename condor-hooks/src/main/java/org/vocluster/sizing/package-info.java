/**
 * How large each VOC should be: demand from the job queues, supply from the pool, a pure decision.
 *
 * <p>A pass goes this way: what queue and collector show is put into values ({@code reading}), of
 * what became of nodes an account is kept ({@code history}), idle jobs are matched with prototypes
 * of nodes ({@code demand}), all of it is one argument of one function ({@code decision}), and what
 * that says is carried out ({@code submit}). {@link org.vocluster.sizing.Sizer} goes it again and
 * again, {@link org.vocluster.sizing.DryRun} once and without doing anything; the simulation goes
 * its pure part.
 *
 * <p>The rooms, from the lowest up:
 *
 * <ul>
 *   <li>{@code reading}: what was seen, of jobs, slots and nodes. Pure; used by all.
 *   <li>{@code history}: how nodes fared, and the breakers that failures open. Pure; uses reading.
 *   <li>{@code demand}: which idle jobs nodes of which VOC would take. Pure; uses reading.
 *   <li>{@code decision}: readings in, actions out. Pure; uses the three above, and is all that
 *       simulating needs besides them; explaining also knows this room's {@code Plan}.
 *   <li>{@code standing}: whether the configuration in force is what all this rests on. Pure; uses
 *       none of the others, and is used by those that ask and by explaining.
 *   <li>{@code queue}: follows job_queue.log and asks other schedds. Uses demand and reading alone,
 *       and is used by this room alone.
 *   <li>{@code journal}: the sizer's log, the audit log, the times of nodes. Uses reading.
 *   <li>{@code collector}: what the collector is asked and told. Uses decision, history, journal
 *       and reading.
 *   <li>{@code submit}: submits, removes, drains and edits node jobs. Uses decision, history,
 *       demand, journal and reading.
 *   <li>this room: the loop over all of them. Used by {@code hook.Size} and by the commands;
 *       explaining says its {@code Plan} in words.
 * </ul>
 *
 * <p>Nothing here knows hooks, commands, explaining or simulating. {@code ArchitectureTest} holds
 * the walls.
 */
@NullMarked
package org.vocluster.sizing;

import org.jspecify.annotations.NullMarked;
