//! Look-around that can be written otherwise. Whoever asks has made sure that nothing is captured for later.

use super::plan::{hir, inside};
use super::syntax::Node;
use regex_syntax::hir::ClassUnicode;

/// How many terms one look-ahead may turn into.
const MAX_DECIDED: usize = 64;

/// What a look-around looks for, and whether it must not be there.
pub(super) type Look = (bool, Node);

/// Of terms that begin at the beginning of the text, the look-aheads that stand there, and all other terms.
///
/// Whatever stands before the first term that takes a character is asked at the same place; if one of it holds only at the beginning of
/// the text, all of it is asked there, each for itself.
pub(super) fn before(terms: &[Node]) -> Option<(Vec<Look>, Vec<Node>)> {
    let is_look = |term: &Node| matches!(term, Node::Look { ahead: true, .. });
    let count = terms.iter().take_while(|term| is_look(term) || **term == Node::Start).count();
    let (edge, rest) = terms.split_at(count);
    if !edge.iter().any(is_look) || !edge.iter().any(starts) {
        return None;
    }
    Some((looks(edge), [&[Node::Start], rest].concat()))
}

/// Of terms that end at the end of the text, the look-behinds that stand there, and all other terms.
pub(super) fn after(terms: &[Node]) -> Option<(Vec<Look>, Vec<Node>)> {
    let is_look = |term: &Node| matches!(term, Node::Look { ahead: false, .. });
    let count = terms.iter().rev().take_while(|term| is_look(term) || **term == Node::End).count();
    let (rest, edge) = terms.split_at(terms.len() - count);
    if !edge.iter().any(is_look) || !edge.contains(&Node::End) {
        return None;
    }
    Some((looks(edge), [rest, &[Node::End]].concat()))
}

fn looks(terms: &[Node]) -> Vec<Look> {
    let look = |term: &Node| match term {
        Node::Look { negative, inner, .. } => Some((*negative, (**inner).clone())),
        _ => None,
    };
    terms.iter().filter_map(look).collect()
}

/// Whether this holds at the beginning of the text only, and takes no character before that is known.
fn starts(node: &Node) -> bool {
    match inside(node) {
        Node::Start => true,
        Node::Look { ahead: true, negative: false, inner } => starts(inner),
        Node::Concat(all) => all.first().is_some_and(starts),
        Node::Either(all) => all.iter().all(starts),
        _ => false,
    }
}

/// Of `^(?:(?!x)[set])*$`: `^[set]*$`, which must be found, and `x`, which must not be found anywhere.
///
/// All characters are taken one by one, so `x` is asked before each of them; and since it is not empty, there is no place after the last
/// one where it could be found.
pub(super) fn guarded_run(terms: &[Node]) -> Option<(Node, Node)> {
    let [Node::Start, Node::Repeat { inner, min, max: None, lazy }, Node::End] = terms else { return None };
    let Node::Concat(step) = inside(inner) else { return None };
    let [Node::Look { ahead: true, negative: true, inner: guard }, set] = &step[..] else { return None };
    let set = inside(set);
    set_of(set)?;
    if hir(guard)?.properties().minimum_len()? == 0 {
        return None;
    }
    let run = Node::Repeat { inner: Box::new(set.clone()), min: *min, max: None, lazy: *lazy };
    Some((Node::Concat(vec![Node::Start, run, Node::End]), (**guard).clone()))
}

/// The same terms with one look-ahead less, where it looks at characters that the next terms take one by one.
pub(super) fn decided(terms: &[Node]) -> Option<Node> {
    for (at, term) in terms.iter().enumerate() {
        let Node::Look { ahead: true, negative, inner } = term else { continue };
        let mut budget = MAX_DECIDED;
        if let Some(rest) = narrowed(inside(inner), *negative, &terms[at + 1..], &mut budget) {
            return Some(Node::Concat([&terms[..at], &[rest]].concat()));
        }
    }
    None
}

/// `rest`, but only where it begins with what `look` looks for, or does not.
fn narrowed(look: &Node, negative: bool, rest: &[Node], budget: &mut usize) -> Option<Node> {
    let Node::Either(all) = look else {
        return narrowed_by(&sets_of(look)?, negative, rest, budget);
    };
    if !negative {
        let one = |node: &Node| narrowed(inside(node), false, rest, budget);
        return all.iter().map(one).collect::<Option<Vec<Node>>>().map(Node::Either);
    }
    // None of them: one after the other.
    let mut node = Node::Concat(rest.to_vec());
    for look in all {
        node = narrowed_each(inside(look), &node, budget)?;
    }
    Some(node)
}

/// Each of the alternatives that a look-ahead before has left, only where it does not begin with what `look` looks for.
fn narrowed_each(look: &Node, node: &Node, budget: &mut usize) -> Option<Node> {
    match node {
        Node::Either(all) => {
            let one = |node: &Node| narrowed_each(look, node, budget);
            all.iter().map(one).collect::<Option<Vec<Node>>>().map(Node::Either)
        }
        Node::Concat(terms) => narrowed(look, true, terms, budget),
        _ => None,
    }
}

/// The same for a look-ahead that is one set after the other.
fn narrowed_by(sets: &[ClassUnicode], negative: bool, rest: &[Node], budget: &mut usize) -> Option<Node> {
    *budget = budget.checked_sub(1)?;
    let Some((set, others)) = sets.split_first() else {
        let never = Node::Class(ClassUnicode::empty());
        return Some(if negative { never } else { Node::Concat(rest.to_vec()) });
    };
    if let Some(Node::Either(all)) = rest.first().map(inside) {
        let one = |node: &Node| {
            let whole = [std::slice::from_ref(node), &rest[1..]].concat();
            narrowed_by(sets, negative, &whole, budget)
        };
        return all.iter().map(one).collect::<Option<Vec<Node>>>().map(Node::Either);
    }
    let (first, rest) = first_set(rest)?;
    let mut common = first.clone();
    common.intersect(set);
    let mut all = Vec::with_capacity(2);
    if negative {
        let mut other = first;
        other.difference(set);
        all.push(Node::Concat([&[Node::Class(other)], &rest[..]].concat()));
    }
    if !common.ranges().is_empty() {
        let more = narrowed_by(others, negative, &rest, budget)?;
        all.push(Node::Concat(vec![Node::Class(common), more]));
    }
    Some(Node::Either(all))
}

/// The set of which these terms take one character first, and all that follows it.
fn first_set(terms: &[Node]) -> Option<(ClassUnicode, Vec<Node>)> {
    let (first, rest) = terms.split_first()?;
    match inside(first) {
        Node::Repeat { inner, min: min @ 1.., max, lazy } => {
            let (min, max, inner) = (min - 1, max.map(|max| max - 1), inner.clone());
            let again = Node::Repeat { inner: inner.clone(), min, max, lazy: *lazy };
            Some((set_of(inside(&inner))?, [&[again], rest].concat()))
        }
        Node::Concat(inner) if !inner.is_empty() => first_set(&[inner, rest].concat()),
        node => Some((set_of(node)?, rest.to_vec())),
    }
}

fn set_of(node: &Node) -> Option<ClassUnicode> {
    match node {
        Node::Char(c) => Some(super::sets::range((*c).into(), (*c).into())),
        Node::Class(set) => Some(set.clone()),
        _ => None,
    }
}

/// One set a character, of what always has the same number of characters.
fn sets_of(node: &Node) -> Option<Vec<ClassUnicode>> {
    match inside(node) {
        Node::Concat(all) => {
            let parts = all.iter().map(sets_of).collect::<Option<Vec<_>>>()?;
            let sets = parts.concat();
            (sets.len() <= MAX_DECIDED).then_some(sets)
        }
        Node::Repeat { inner, min, max, .. } if *max == Some(*min) && (1..=MAX_DECIDED as u32).contains(min) => {
            let set = set_of(inside(inner))?;
            Some(vec![set; *min as usize])
        }
        node => set_of(node).map(|set| vec![set]),
    }
}
