//! What has to be asked of a text to know whether it has a pattern: questions without look-around where there are such.

use super::rewrite::{self, after, before};
use super::syntax::Node;
use regex_syntax::hir::{Class, Hir, Look, Repetition};

/// How many questions one pattern may become.
const MAX_QUESTIONS: usize = 64;

/// A question about a text. What a question looks for may be anywhere in the text.
#[derive(Debug)]
pub(super) enum Plan {
    /// One without look-around and back-references.
    Find(Hir),
    /// One that only backtracking answers.
    Backtrack(Node),
    Not(Box<Plan>),
    All(Vec<Plan>),
    Any(Vec<Plan>),
}

pub(super) fn plan(node: Node) -> Plan {
    if has_reference(&node) {
        // What one part captures another part needs.
        return Plan::Backtrack(node);
    }
    let mut questions = 0;
    ask(node, &mut questions)
}

fn ask(node: Node, questions: &mut usize) -> Plan {
    *questions += 1;
    if let Some(hir) = hir(&node) {
        return Plan::Find(hir);
    }
    if *questions > MAX_QUESTIONS {
        return Plan::Backtrack(node);
    }
    match node {
        // Found where one of them is found.
        Node::Either(all) => Plan::Any(all.into_iter().map(|node| ask(node, questions)).collect()),
        Node::Capture { inner } => ask(*inner, questions),
        Node::Concat(terms) => ask_concat(flat(terms), questions),
        other => Plan::Backtrack(other),
    }
}

fn ask_concat(terms: Vec<Node>, questions: &mut usize) -> Plan {
    if let Some((looks, rest)) = before(&terms) {
        return ask_all(looks, rest, |inner| vec![Node::Start, inner], questions);
    }
    if let Some((looks, rest)) = after(&terms) {
        return ask_all(looks, rest, |inner| vec![inner, Node::End], questions);
    }
    if let Some((set, find)) = rewrite::guarded_run(&terms) {
        return Plan::All(vec![ask(set, questions), Plan::Not(Box::new(ask(find, questions)))]);
    }
    if let Some(decided) = rewrite::decided(&terms) {
        return ask(decided, questions);
    }
    let Some(at) = terms.iter().position(|term| matches!(inside(term), Node::Either(_)) && hir(term).is_none()) else {
        return Plan::Backtrack(Node::Concat(terms));
    };
    let Node::Either(all) = inside(&terms[at]) else { return Plan::Backtrack(Node::Concat(terms)) };
    if *questions + all.len() > MAX_QUESTIONS {
        return Plan::Backtrack(Node::Concat(terms));
    }
    let one = |node: &Node| Node::Concat([&terms[..at], std::slice::from_ref(node), &terms[at + 1..]].concat());
    Plan::Any(all.iter().map(|node| ask(one(node), questions)).collect())
}

/// All look-arounds, each completed by `whole`, and the rest.
fn ask_all(looks: Vec<rewrite::Look>, rest: Vec<Node>, whole: fn(Node) -> Vec<Node>, questions: &mut usize) -> Plan {
    let mut all: Vec<Plan> = Vec::with_capacity(looks.len() + 1);
    for (negative, inner) in looks {
        let look = ask(Node::Concat(whole(inner)), questions);
        all.push(if negative { Plan::Not(Box::new(look)) } else { look });
    }
    all.push(ask(Node::Concat(rest), questions));
    Plan::All(all)
}

/// The node without groups around it.
pub(super) fn inside(mut node: &Node) -> &Node {
    loop {
        node = match node {
            Node::Capture { inner } => inner,
            Node::Concat(all) if all.len() == 1 => &all[0],
            node => return node,
        }
    }
}

/// Terms, with those of groups in their place.
fn flat(terms: Vec<Node>) -> Vec<Node> {
    let mut flattened = Vec::with_capacity(terms.len());
    for term in terms {
        match term {
            Node::Concat(inner) => flattened.extend(flat(inner)),
            Node::Capture { inner } => flattened.extend(flat(vec![*inner])),
            term => flattened.push(term),
        }
    }
    flattened
}

pub(super) fn has_reference(node: &Node) -> bool {
    count(node, &|node| matches!(node, Node::Back { .. })) > 0
}

/// How many parts no automaton decides.
pub(super) fn hard_parts(node: &Node) -> usize {
    count(node, &|node| matches!(node, Node::Back { .. } | Node::Look { .. }))
}

fn count(node: &Node, counts: &impl Fn(&Node) -> bool) -> usize {
    let inner = match node {
        Node::Look { inner, .. } | Node::Capture { inner } | Node::Repeat { inner, .. } => count(inner, counts),
        Node::Concat(all) | Node::Either(all) => all.iter().map(|node| count(node, counts)).sum(),
        _ => 0,
    };
    usize::from(counts(node)) + inner
}

/// The same for the crates of `regex`, unless it has look-around or back-references.
pub(super) fn hir(node: &Node) -> Option<Hir> {
    let all = |nodes: &[Node]| nodes.iter().map(hir).collect::<Option<Vec<Hir>>>();
    Some(match node {
        Node::Char(c) => Hir::literal(c.encode_utf8(&mut [0; 4]).as_bytes()),
        Node::Class(set) => Hir::class(Class::Unicode(set.clone())),
        Node::Start => Hir::look(Look::Start),
        Node::End => Hir::look(Look::End),
        Node::WordEdge { negative: false } => Hir::look(Look::WordAscii),
        Node::WordEdge { negative: true } => Hir::look(Look::WordAsciiNegate),
        Node::Capture { inner } => hir(inner)?,
        Node::Repeat { inner, min, max, lazy } => {
            let sub = Box::new(hir(inner)?);
            Hir::repetition(Repetition { min: *min, max: *max, greedy: !lazy, sub })
        }
        Node::Concat(nodes) => Hir::concat(all(nodes)?),
        Node::Either(nodes) => Hir::alternation(all(nodes)?),
        Node::Look { .. } | Node::Back { .. } => return None,
    })
}
