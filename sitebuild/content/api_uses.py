"""Finds the names of asyncio that a program uses, without running it.

A name counts if the program reaches it through `asyncio.X` or imports it. A method counts if the
type of the object is certain: from an annotation, or because everything that is assigned to the
variable is made by a call whose type is known. Where that leaves a doubt, nothing counts. A class
counts where one of its methods does.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

from .api_bindings import FUNCTIONS, Scope, assignments_of, imports_of, is_self
from .api_names import ApiNames
from .api_types import (
    ATTRIBUTES,
    CONTAINERS,
    ENTERED,
    RETURNS,
    Type,
    element_of,
    is_kind,
    part_of,
)


def find_uses(source: str, names: ApiNames) -> frozenset[str]:
    """Return the ids of the names and members that a program uses; none if it doesn't compile."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return frozenset()
    return _Finder(names).find(tree)


class _Finder:
    """Finds the uses in one program."""

    def __init__(self, names: ApiNames) -> None:
        self._names = names
        self._scopes: dict[ast.AST, Scope] = {}  # of each node that opens one
        self._scope_of: dict[ast.AST, Scope] = {}
        self._types: dict[ast.AST, Type] = {}
        self._used: set[str] = set()

    def find(self, tree: ast.Module) -> frozenset[str]:
        self._read(tree, Scope(tree, None))
        for node in list(self._scope_of):
            if isinstance(node, ast.expr):
                self._type(node)
        for scope in self._scopes.values():
            if isinstance(scope.node, ast.ClassDef):
                for name in scope.values:
                    for base in self._bases(scope):
                        self._member(base, name)
        return frozenset(self._used)

    # Scopes and assignments

    def _read(self, node: ast.AST, scope: Scope) -> None:
        """Note the scope of each node below a node, and what is assigned there."""
        self._scope_of[node] = scope
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            self._bind_definition(node, scope)
            self._scopes[node] = scope = Scope(node, scope)
            if isinstance(node, FUNCTIONS):
                self._bind_parameters(node, scope)
        for name, id in imports_of(node):
            scope.values.setdefault(name, []).append(partial(_constant, ("import", id)))
        for target, value in assignments_of(node):
            self._bind(
                target, self._lazy(value, node) if value else partial(_constant, None), scope
            )
        for child in ast.iter_child_nodes(node):
            self._read(child, scope)

    def _lazy(self, value: ast.expr, node: ast.AST) -> Callable[[], Type]:
        """Return a function that finds what an assignment or a loop assigns."""
        if isinstance(node, ast.For | ast.comprehension):
            return lambda: part_of(self._type(value), "items")
        if isinstance(node, ast.withitem):
            return lambda: entered if (entered := self._type(value)) in ENTERED else None
        if isinstance(node, ast.AnnAssign):
            return lambda: self._annotation(node.annotation)
        return lambda: self._type(value)

    def _bind(self, target: ast.AST, value: Callable[[], Type], scope: Scope) -> None:
        """Note that a value is assigned to a variable, an attribute of `self`, or several."""
        if isinstance(target, ast.Name):
            scope.values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Attribute) and is_self(target.value, scope):
            assert scope.parent is not None
            scope.parent.values.setdefault(target.attr, []).append(value)
        elif isinstance(target, ast.Tuple | ast.List):
            for place, element in enumerate(target.elts):
                self._bind(element, partial(_element, value, place), scope)

    def _bind_definition(self, node: ast.AST, scope: Scope) -> None:
        """Note that a function or a class of the program's has a name."""
        if isinstance(node, ast.ClassDef):
            scope.values.setdefault(node.name, []).append(partial(_constant, ("own class", node)))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            scope.values.setdefault(node.name, []).append(
                partial(_constant, ("own function", node))
            )

    def _bind_parameters(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
    ) -> None:
        owner = scope.parent.node if scope.parent else None
        arguments = node.args
        for place, one in enumerate((*arguments.posonlyargs, *arguments.args)):
            if place == 0 and isinstance(owner, ast.ClassDef):
                scope.values[one.arg] = [partial(_constant, ("object", owner))]
            else:
                scope.values[one.arg] = [partial(self._annotation, one.annotation)]
        for one in arguments.kwonlyargs:
            scope.values[one.arg] = [partial(self._annotation, one.annotation)]
        for rest in filter(None, (arguments.vararg, arguments.kwarg)):
            scope.values[rest.arg] = [partial(self._annotated_items, rest.annotation)]

    # Types

    def _type(self, node: ast.AST | None) -> Type:
        """Return the type of an expression, and note the names that it uses."""
        if node is None or node not in self._scope_of:
            return None
        if node not in self._types:
            self._types[node] = None  # what refers to itself has no certain type
            self._types[node] = self._infer(node)
        return self._types[node]

    def _infer(self, node: ast.AST) -> Type:
        match node:
            case ast.Name(id=name):
                return self._variable(name, self._scope_of[node])
            case ast.Attribute(value=value, attr=name):
                return self._attribute(self._type(value), name)
            case ast.Call(func=ast.Name(id="super")):
                owner = self._scope_of[node].parent
                bases = self._bases(owner) if owner else []
                return bases[0] if bases else None
            case ast.Call(func=function, args=arguments):
                return self._returned(self._type(function), arguments)
            case ast.Await(value=value):
                return part_of(self._type(value), "awaitable")
            case ast.NamedExpr(value=value):
                return self._type(value)
            case ast.Subscript(value=value):
                of = self._type(value)
                return of[1] if is_kind(of, "class") else part_of(of, "items")
            case ast.List(elts=elements) | ast.Set(elts=elements):
                types = {self._type(element) for element in elements}
                return ("items", types.pop()) if len(types) == 1 else None
            case ast.ListComp(elt=element) | ast.SetComp(elt=element):
                return "items", self._type(element)
            case ast.GeneratorExp(elt=element):
                return "items", self._type(element)
            case ast.DictComp(value=value):
                return "items", self._type(value)
        return None

    def _variable(self, name: str, scope: Scope | None) -> Type:
        """Return the type of a variable, if all its values have the same."""
        inner = scope
        while scope is not None:
            # A class's own variables are not seen in its methods.
            if name in scope.values and not (
                scope is not inner and isinstance(scope.node, ast.ClassDef)
            ):
                types = {value() for value in scope.values[name]}
                found = types.pop() if len(types) == 1 else None
                if isinstance(found, tuple) and found[0] == "import":
                    return self._asyncio(str(found[1]))
                return found
            scope = scope.parent
        return None

    def _asyncio(self, id: str) -> Type:
        """Return the type of a name of asyncio, and note that it is used."""
        if id in ("", "subprocess"):
            return "module", f"{id}." if id else ""
        if id not in self._names.by_id:
            return None
        self._used.add(id)
        return ("function" if self._names.by_id[id].is_function else "class"), id

    def _attribute(self, of: Type, name: str) -> Type:
        if is_kind(of, "module"):
            return self._asyncio(f"{of[1]}{name}")
        if is_kind(of, "class"):
            return self._member(str(of[1]), name)
        if is_kind(of, "items") and name in ("pop", "values", "popleft"):
            return "container method", name, of
        if is_kind(of, "object"):
            scope = self._scopes[of[1]]
            if name in scope.values:
                types = {value() for value in scope.values[name]}
                return types.pop() if len(types) == 1 else None
            found = (self._member(base, name) for base in self._bases(scope))
            return next(filter(None, found), None)
        return self._member(of, name) if isinstance(of, str) else None

    def _member(self, owner: str, name: str) -> Type:
        """Return the type of a member of an object, and note that it is used."""
        member = self._names.find_member(owner, name)
        if member is None:
            return None
        self._used |= {member.id, member.owner}
        return ("function", member.id) if member.is_method else ATTRIBUTES.get(member.id)

    def _returned(self, function: Type, arguments: list[ast.expr]) -> Type:
        """Return the type of what a call returns."""
        match function:
            case ("function", "wait") if arguments:
                of = self._type(arguments[0])
                return ("awaitable", ("tuple", of, of)) if is_kind(of, "items") else None
            case ("function", str(id)):
                return RETURNS.get(id)
            case ("class", str(id)):
                return id
            case ("own class", ast.ClassDef() as node):
                return "object", node
            case ("own function", ast.FunctionDef() as node):
                return self._annotation(node.returns)
            case ("own function", ast.AsyncFunctionDef() as node):
                return "awaitable", self._annotation(node.returns)
            case ("container method", "values", of):
                return of
            case ("container method", _, of):
                return part_of(of, "items")
        return None

    def _annotation(self, node: ast.expr | None) -> Type:
        """Return the type that an annotation names."""
        match node:
            case ast.Constant(value=str(text)):
                try:
                    inner = ast.parse(text, mode="eval").body
                except SyntaxError:
                    return None
                self._read(inner, self._scope_of[node])
                return self._annotation(inner)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                sides = [
                    side
                    for side in (left, right)
                    if not (isinstance(side, ast.Constant) and side.value is None)
                ]
                return self._annotation(sides[0]) if len(sides) == 1 else None
            case ast.Subscript(value=ast.Name(id=name), slice=of) if name in CONTAINERS:
                return "items", self._annotation(of)
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, of])):
                return "items", self._annotation(of)
            case ast.Subscript(value=value):
                return self._annotation(value)
        match self._type(node):
            case ("class", str(id)):
                return id
            case ("own class", ast.ClassDef() as own):
                return "object", own
        return None

    def _annotated_items(self, node: ast.expr | None) -> Type:
        """Return the type of `*args`, whose annotation names what it holds."""
        return "items", self._annotation(node)

    def _bases(self, scope: Scope) -> list[str]:
        """Return the classes of asyncio that a class of the program's is derived from."""
        if not isinstance(scope.node, ast.ClassDef):
            return []
        bases: list[str] = []
        for base in scope.node.bases:
            match self._annotation(base):
                case str(id):
                    bases.append(id)
                case ("object", ast.ClassDef() as own) if own is not scope.node:
                    bases += self._bases(self._scopes[own])
        return bases


def _constant(of: Type) -> Type:
    return of


def _element(value: Callable[[], Type], place: int) -> Type:
    return element_of(value(), place)
