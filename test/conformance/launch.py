"""Starts MiniStack with one gap of its engine filled: a TimeoutSeconds that is a JSONata expression.

Step Functions evaluates it ("TimeoutSeconds ... In JSONata states, you can also provide a JSONata expression that
evaluates to an integer", Amazon States Language, Task state); MiniStack 1.5.33 takes the expression itself for the
number, and the execution fails. Evaluated by MiniStack's own function, before its own code goes on. Nothing else of it
is changed.
"""

import ministack.services.stepfunctions as engine
from ministack.app import main

execute_task = engine._execute_task


def execute_task_with_timeout(state_def, raw_input, execution, ctx):
    if isinstance(state_def.get("TimeoutSeconds"), str):
        seconds = engine._jsonata_state_field(state_def, "TimeoutSeconds", "number", raw_input, ctx)
        state_def = {**state_def, "TimeoutSeconds": seconds}
    return execute_task(state_def, raw_input, execution, ctx)


engine._execute_task = execute_task_with_timeout
main()
